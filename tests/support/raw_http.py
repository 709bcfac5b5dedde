"""HTTP requests as bytes on a socket, for those that no client would send."""

import json
import socket
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from dev.cloud import HOST
from dev.service import API_KEY
from tests.support.web import TIMEOUT_S

MARK = "hunter2"  # What callers send and no error response repeats.
KEY = f"x-api-key: {API_KEY}"
MEMBERS = ["type", "title", "status", "detail", "instance"]
LIBRARIES = ["pydantic", "python", "traceback", "ministack", "hypercorn", ".py", "botocore"]


@dataclass(frozen=True)
class Answer:
    """A response as it came: status, headers by lower-case name, body."""

    status: int
    headers: dict[str, str]
    body: bytes


def request(method: str, path: str, *headers: str | bytes, body: bytes = b"") -> bytes:
    """Return a request whose path is below the API's. The connection ends with its response.

    It declares the length of its body, unless a header says how long that is.
    """
    lines = [_encode(each) for each in (f"{method} {{base}}{path} HTTP/1.1", *headers)]
    if not any(each.lower().startswith((b"content-length", b"transfer-")) for each in lines):
        lines.append(b"Content-Length: %d" % len(body))
    lines += [b"Host: 127.0.0.1", b"Connection: close"]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def connect(api_url: str) -> socket.socket:
    """Return a connection to the local cloud."""
    return socket.create_connection((HOST, urlsplit(api_url).port or 80), TIMEOUT_S)


def at(api_url: str, raw: bytes) -> bytes:
    """Return a request with the path of the API filled in."""
    return raw.replace(b"{base}", urlsplit(api_url).path.encode(), 1)


def send(api_url: str, raw: bytes) -> Answer:
    """Send a request, and return the response."""
    with connect(api_url) as connection:
        connection.sendall(at(api_url, raw))
        return read_answer(connection)


def read_answer(connection: socket.socket) -> Answer:
    """Return the response that a connection ends with.

    Raises:
        ConnectionError: it ends without a response.
    """
    received = b""
    while part := connection.recv(65536):
        received += part
    if not received:
        raise ConnectionError("The connection ended without a response.")
    head, _, body = received.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    pairs = (line.partition(": ") for line in lines)
    return Answer(int(first.split()[1]), {name.lower(): value for name, _, value in pairs}, body)


def check_refusal(answer: Answer) -> Any:
    """Return the problem of an error response, which tells neither what was sent nor what runs."""
    text = answer.body.decode()
    assert answer.headers["content-type"] == "application/problem+json", text
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["access-control-allow-origin"] == "*"
    problem = json.loads(text)
    assert list(problem)[: len(MEMBERS)] == MEMBERS
    assert problem["status"] == answer.status
    assert MARK not in text + str(answer.headers)
    # The id is the cloud's, and could contain any word.
    ours = text.replace(problem["instance"], "").lower()
    assert not [each for each in LIBRARIES if each in ours], text
    return problem


def _encode(line: str | bytes) -> bytes:
    return line if isinstance(line, bytes) else line.encode("latin-1")
