"""Faults of a service: each is retried, refused or reported, and nothing is written unnoticed."""

import pytest

from aws.client import CALL_ATTEMPTS_MAX
from aws.dynamodb import ConditionFailed, DynamoDB, TransactionCanceled, unmarshal
from aws.errors import ServiceError, Unavailable
from tests.support.dynamodb_calls import ITEM, ONE_ATTEMPT_S, get, no_retry, put
from tests.support.fake_service import FakeService, Reply, refuse, respond, respond_bytes
from tests.support.faulty_proxy import later

OK = respond(ITEM)


@pytest.mark.parametrize(
    "fault",
    [
        refuse("ThrottlingException"),
        refuse("ProvisionedThroughputExceededException"),
        respond({"__type": "Throttling"}, 400),
        respond({"__type": "ThrottledException:http://internal/"}, 400),
        respond({}, 429),
        refuse("InternalServerError", 500),
        respond_bytes(b"<html>Service Unavailable</html>", 503),
        Reply(then="close"),
        Reply(then="reset"),
        Reply(OK.data[:20], "reset"),
        Reply(OK.data[:-1], "close"),
        Reply(b"HTTP/1.1 200 OK\r\n\r\n" + b'{"Item": {}}', "close"),
        Reply(b"not HTTP\r\n\r\n", "close"),
        Reply(),
        Reply(OK.data[:12], drips=True),
        respond(ITEM, x_amz_crc32="1"),
        respond(ITEM, x_amz_crc32="one"),
        respond_bytes(b"not JSON"),
        respond([]),
    ],
)
def test_a_fault_that_may_pass_is_retried_once_it_is_over(
    service: FakeService, dynamodb: DynamoDB, fault: Reply
) -> None:
    service.replies = [fault, OK]
    assert get(dynamodb) == ITEM
    assert service.operations() == ["GetItem"] * 2
    service.replies = [fault, refuse("ConditionalCheckFailedException")]
    with pytest.raises(ConditionFailed):
        put(dynamodb)
    assert service.operations() == ["GetItem"] * 2 + ["PutItem"] * 2


def test_a_fault_that_lasts_makes_the_service_unavailable(
    service: FakeService, dynamodb: DynamoDB
) -> None:
    service.default = refuse("ThrottlingException")
    with pytest.raises(Unavailable, match="dynamodb: ThrottlingException"):
        put(dynamodb)
    assert len(service.requests) == CALL_ATTEMPTS_MAX


def test_no_attempt_begins_without_time_for_it(service: FakeService, dynamodb: DynamoDB) -> None:
    with pytest.raises(Unavailable, match="no time for an attempt"):
        put(dynamodb, 1.4)
    assert service.connections == 0


def test_a_response_that_drips_is_given_up_in_time(
    service: FakeService, dynamodb: DynamoDB
) -> None:
    # Every byte comes in time for itself: only a limit for the whole response stops this.
    service.default = Reply(OK.data, drips=True)
    with pytest.raises(Unavailable, match="TimeoutError"):
        put(dynamodb, ONE_ATTEMPT_S)
    assert len(service.requests) == 1


@pytest.mark.parametrize("name", ["message", "Message"])
def test_any_other_error_is_reported_with_its_code_message_and_status(
    service: FakeService, name: str
) -> None:
    service.default = respond({"__type": "a.b#ValidationException", name: "No such key"}, 400)
    with pytest.raises(ServiceError) as refused:
        get(DynamoDB(no_retry))
    error = refused.value
    assert (error.code, error.message, error.status) == ("ValidationException", "No such key", 400)
    assert str(error) == "ValidationException: No such key"


def test_an_error_that_is_no_json_is_reported_with_its_status(service: FakeService) -> None:
    service.default = respond_bytes(b"<html>Forbidden</html>", 403)
    with pytest.raises(ServiceError, match="403"):
        get(DynamoDB(no_retry))


def test_a_canceled_transaction_is_retried_if_a_conflict_is_among_its_reasons(
    service: FakeService, dynamodb: DynamoDB
) -> None:
    failed = {"Code": "ConditionalCheckFailed", "Item": {"pk": {"S": "1"}, "n": {"N": "2"}}}
    canceled = {"__type": "TransactionCanceledException", "CancellationReasons": []}
    for reasons in ([failed, {"Code": "TransactionConflict"}], [{"Code": "None"}, failed]):
        service.replies.append(respond(canceled | {"CancellationReasons": reasons}, 400))
    with pytest.raises(TransactionCanceled) as refused:
        dynamodb.call("TransactWriteItems", later(), TransactItems=[])
    assert [unmarshal(item) for item in refused.value.items] == [{}, {"pk": "1", "n": 2}]
    assert len(service.requests) == 2
