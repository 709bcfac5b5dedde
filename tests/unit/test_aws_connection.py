"""A connection is kept, and replaced when it cannot be used; nothing is sent to a wrong server."""

import _socket
import socket
import time
from binascii import crc32
from contextlib import ExitStack
from pathlib import Path

import pytest

from aws.dynamodb import ConditionFailed, DynamoDB
from aws.errors import Unavailable
from tests.support.aws_settings import set_aws
from tests.support.certificates import UNTRUSTED_CA, server_context, write_bundle
from tests.support.dynamodb_calls import ITEM, ONE_ATTEMPT_S, get, no_retry, put
from tests.support.fake_service import HOST, FakeService, Reply, chunked, refuse, respond, serving

OK = respond(ITEM)
BODY = OK.data.partition(b"\r\n\r\n")[2]


def test_a_late_response_is_not_taken_for_that_of_another_request(
    service: FakeService, dynamodb: DynamoDB
) -> None:
    service.replies = [Reply(OK.data, drips=True), respond({"Item": {"pk": {"S": "2"}}})]
    assert get(dynamodb) == {"Item": {"pk": {"S": "2"}}}
    assert service.connections == 2


@pytest.mark.parametrize(
    "reply",
    [
        OK,
        respond(ITEM, x_amz_crc32=str(crc32(BODY))),
        chunked(BODY[:5], BODY[5:]),
    ],
)
def test_a_connection_is_kept_for_the_next_call(
    service: FakeService, dynamodb: DynamoDB, reply: Reply
) -> None:
    service.default = reply
    assert get(dynamodb) == get(dynamodb) == get(dynamodb) == ITEM
    assert service.connections == 1


def test_a_connection_that_the_service_announces_to_close_is_not_used_again(
    service: FakeService, dynamodb: DynamoDB
) -> None:
    service.default = respond(ITEM, connection="close")
    assert get(dynamodb) == get(dynamodb) == ITEM
    assert service.connections == len(service.requests) == 2


@pytest.mark.parametrize("then", ["close", "reset"])
def test_a_connection_that_was_closed_while_idle_is_replaced_before_anything_is_sent(
    service: FakeService, dynamodb: DynamoDB, then: str
) -> None:
    service.replies = [Reply(OK.data, then), refuse("ConditionalCheckFailedException")]
    assert get(dynamodb) == ITEM
    service.hung_up.acquire(timeout=10)
    with pytest.raises(ConditionFailed):
        put(dynamodb)
    assert service.operations() == ["GetItem", "PutItem"]


def test_a_response_without_a_request_replaces_the_connection(
    service: FakeService, dynamodb: DynamoDB
) -> None:
    service.replies = [Reply(OK.data + respond({"Item": {}}).data)]
    service.default = OK
    assert get(dynamodb) == get(dynamodb) == ITEM
    assert service.connections == 2


@pytest.mark.parametrize("clock", ["time", "monotonic"])
def test_a_connection_that_was_frozen_is_replaced(
    service: FakeService, dynamodb: DynamoDB, monkeypatch: pytest.MonkeyPatch, clock: str
) -> None:
    service.default = OK
    get(dynamodb)
    now = getattr(time, clock)
    monkeypatch.setattr(time, clock, lambda: now() + 21)
    get(dynamodb)
    assert service.connections == 2


def test_a_refused_connection_is_retried_and_its_outcome_is_known(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    service = FakeService()
    service.replies = [refuse("ConditionalCheckFailedException")]
    set_aws(monkeypatch, AWS_ENDPOINT_URL=service.url)
    with ExitStack() as stack:

        def serve(size: int) -> bytes:  # It is called for the backoff of the second attempt.
            stack.enter_context(serving(service))
            return bytes(size)

        with pytest.raises(ConditionFailed):
            put(DynamoDB(serve))
    assert service.operations() == ["PutItem"]


@pytest.mark.parametrize("where", ["refused", "silent"])
def test_every_address_of_a_name_is_tried(
    service: FakeService, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    with socket.socket() as other, socket.socket() as first, socket.socket() as second:
        other.bind((HOST, 0))
        if where == "silent":  # A server whose queue of connections is full does not respond.
            other.listen(0)
            for client in (first, second):
                client.settimeout(0)
                client.connect_ex(other.getsockname())
        addresses = [other.getsockname(), (HOST, service.port)]
        found = [(socket.AF_INET, socket.SOCK_STREAM, 0, "", each) for each in addresses]
        monkeypatch.setattr(_socket, "getaddrinfo", lambda *_: found)
        service.default = OK
        assert get(DynamoDB(no_retry)) == ITEM


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("untrusted", "unable to get local issuer certificate"),
        ("expired", "certificate has expired"),
        ("of another host", "IP address mismatch"),
    ],
)
def test_nothing_is_sent_to_a_server_whose_certificate_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, kind: str, reason: str
) -> None:
    tls = {
        "untrusted": server_context(HOST, ca=UNTRUSTED_CA),
        "expired": server_context(HOST, expired=True),
        "of another host": server_context("dynamodb.us-east-1.amazonaws.com"),
    }[kind]
    with serving(FakeService(tls)) as service:
        set_aws(monkeypatch, AWS_ENDPOINT_URL=service.url, AWS_CA_BUNDLE=write_bundle(tmp_path))
        with pytest.raises(Unavailable, match=reason):
            put(DynamoDB(bytes), ONE_ATTEMPT_S)
        assert service.requests == []


def test_a_service_is_called_over_tls(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with serving(FakeService(server_context(HOST))) as service:
        set_aws(monkeypatch, AWS_ENDPOINT_URL=service.url, AWS_CA_BUNDLE=write_bundle(tmp_path))
        service.replies = [OK, Reply(OK.data, "close"), Reply(OK.data[:-1], "reset"), OK]
        dynamodb = DynamoDB(bytes)
        assert get(dynamodb) == get(dynamodb) == ITEM
        service.hung_up.acquire(timeout=10)
        assert get(dynamodb) == ITEM
    assert (len(service.requests), service.connections) == (4, 3)
