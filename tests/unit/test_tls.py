"""TLS below `ssl` accepts and refuses what `ssl` does, in real handshakes."""

import socket
import ssl
import sys
from pathlib import Path
from typing import Any

import pytest

from aws.connection import Connection
from aws.endpoint import Endpoint
from aws.root_certificates import ROOT_CERTIFICATES
from aws.tls import TESTED_VERSIONS, Socket, TlsBelowSsl, TlsBySsl, TlsStream, make_tls
from dev.root_certificates import NAMES, TARGET, make_root_certificates
from tests.support.certificates import (
    UNTRUSTED_CA,
    self_signed_context,
    server_context,
    write_bundle,
)
from tests.support.fake_service import HOST, FakeService, respond, serving
from tests.support.faulty_proxy import later

Way = type[TlsBelowSsl | TlsBySsl]
IS_TESTED = sys.version_info[:2] in TESTED_VERSIONS  # Otherwise, `_ssl` is not used.
WAYS: list[Way] = [TlsBySsl, *([TlsBelowSsl] if IS_TESTED else [])]
NAME = "dynamodb.us-east-1.amazonaws.com"
TIMEOUT_S = 5
OLD_VERSION = pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")


@pytest.fixture
def bundle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Have the CA of these tests trusted; return the path of its certificate."""
    path = write_bundle(tmp_path)
    monkeypatch.setenv("AWS_CA_BUNDLE", path)
    return path


def handshake(way: Way, bundle: str, port: int, name: str) -> TlsStream:
    """Connect to a server on loopback, which must have a certificate for `name`."""
    sock = Socket()
    try:
        sock.settimeout(TIMEOUT_S)
        sock.connect((HOST, port))
        return way(cafile=bundle).wrap(sock, name)
    except OSError:
        sock.close()
        raise


def refusal(way: Way, bundle: str, port: int, name: str) -> Any:
    """Return why a handshake fails."""
    with pytest.raises(ssl.SSLError) as raised:
        handshake(way, bundle, port, name)
    error = raised.value
    return type(error), error.reason, getattr(error, "verify_message", None)


@pytest.mark.skipif(not IS_TESTED, reason="`_ssl` is not used on this version of Python")
def test_the_context_is_that_of_ssl() -> None:
    ours: Any = TlsBelowSsl(cadata=ROOT_CERTIFICATES)._context  # noqa: SLF001
    theirs = ssl.create_default_context(cadata=ROOT_CERTIFICATES)
    for setting in [
        "check_hostname",
        "maximum_version",
        "minimum_version",
        "options",
        "post_handshake_auth",
        "protocol",
        "security_level",
        "verify_flags",
        "verify_mode",
        "_host_flags",
    ]:
        assert getattr(ours, setting) == getattr(theirs, setting), setting
    assert ours.options & ssl.OP_NO_COMPRESSION
    assert ours.get_ciphers() == theirs.get_ciphers()
    assert ours.get_ca_certs() == theirs.get_ca_certs()


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
@pytest.mark.parametrize(
    ("certified", "name"), [(NAME, NAME), ("*.us-east-1.amazonaws.com", NAME), (HOST, HOST)]
)
def test_a_trusted_server_with_the_right_name_is_accepted(
    bundle: str,
    way: Way,
    version: ssl.TLSVersion,
    certified: str,
    name: str,
) -> None:
    context = server_context(certified, version=version)
    with serving(FakeService(context)) as service:
        stream = handshake(way, bundle, service.port, name)
        request = b"POST / HTTP/1.1\r\ncontent-length: 2\r\n\r\n{}"
        assert stream.send(request) == len(request)
        assert stream.recv(1000).startswith(b"HTTP/1.1 200")
        stream.close()


@OLD_VERSION
@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("untrusted", NAME),
        ("self-signed", NAME),
        ("expired", NAME),
        ("valid", "sqs.us-east-1.amazonaws.com"),
        ("valid", "amazonaws.com"),
        ("valid", HOST),
        ("TLS 1.1", NAME),
    ],
)
def test_every_other_server_is_refused_for_the_same_reason(
    bundle: str, tmp_path: Path, kind: str, name: str
) -> None:
    context = {
        "untrusted": lambda: server_context(NAME, ca=UNTRUSTED_CA),
        "self-signed": lambda: self_signed_context(tmp_path),
        "expired": lambda: server_context(NAME, expired=True),
        "valid": lambda: server_context(NAME),
        "TLS 1.1": lambda: server_context(NAME, version=ssl.TLSVersion.TLSv1_1),
    }[kind]()
    with serving(FakeService(context)) as service:
        reasons = [refusal(way, bundle, service.port, name) for way in WAYS]
        assert service.requests == []
    assert len(set(reasons)) == 1


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_a_connection_is_kept_although_session_tickets_arrive(
    bundle: str, way: Way, version: ssl.TLSVersion
) -> None:
    with serving(FakeService(server_context(HOST, version=version))) as service:
        connection = Connection(Endpoint(service.url))
        connection._tls = way(cafile=bundle)  # noqa: SLF001
        for number in range(3):
            service.replies.append(respond(number))
            connection.open(later(TIMEOUT_S))
            assert connection.exchange("POST", {}, b"{}", later(TIMEOUT_S)).body == b"%d" % number
        connection.close()
    assert service.connections == 1


@pytest.mark.parametrize("way", WAYS)
def test_a_long_request_and_a_long_response_pass(bundle: str, way: Way) -> None:
    text = "x" * 1_000_000
    with serving(FakeService(server_context(HOST))) as service:
        service.replies = [respond(text)]
        connection = Connection(Endpoint(service.url))
        connection._tls = way(cafile=bundle)  # noqa: SLF001
        connection.open(later(TIMEOUT_S))
        response = connection.exchange("POST", {}, text.encode(), later(TIMEOUT_S))
        connection.close()
    assert service.requests[0].body == text.encode()
    assert len(response.body) == len(text) + 2


@pytest.mark.parametrize("way", WAYS)
def test_a_server_that_does_not_answer_the_handshake_is_given_up(bundle: str, way: Way) -> None:
    with socket.socket() as listener:
        listener.bind((HOST, 0))
        listener.listen(1)
        connection = Connection(Endpoint(f"https://{HOST}:{listener.getsockname()[1]}"))
        connection._tls = way(cafile=bundle)  # noqa: SLF001
        with pytest.raises(TimeoutError):
            connection.open(later(0.2))


def test_amazon_s_roots_are_trusted_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_CA_BUNDLE", "")
    context: Any = make_tls()._context  # noqa: SLF001
    roots = [dict(part for (part,) in each["subject"]) for each in context.get_ca_certs()]
    assert {root["commonName"] for root in roots} == NAMES


def test_amazon_s_roots_are_those_of_certifi() -> None:
    assert TARGET.read_text(encoding="ascii") == make_root_certificates()


@pytest.mark.parametrize("content", [None, "", "no certificate"])
def test_an_invalid_bundle_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str | None
) -> None:
    path = tmp_path / "bundle.pem"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    monkeypatch.setenv("AWS_CA_BUNDLE", str(path))
    with pytest.raises(ValueError, match="AWS_CA_BUNDLE: "):
        make_tls()
