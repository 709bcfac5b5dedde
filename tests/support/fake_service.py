"""A server on loopback that answers each request with what a test wants, down to the byte."""

import json
import socketserver
import ssl
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from socket import IPPROTO_TCP, SO_LINGER, SOL_SOCKET, TCP_NODELAY
from typing import Any

HOST = "127.0.0.1"
DRIP_S = 0.1


@dataclass(frozen=True)
class Reply:
    """The bytes of a response, and what follows them: "keep", "close" or "reset".

    If it `drips`, each byte comes DRIP_S after the one before it.
    """

    data: bytes = b""
    then: str = "keep"
    drips: bool = False


@dataclass(frozen=True)
class Request:
    """A request as the server received it. Names of headers are in lower case."""

    line: str
    headers: dict[str, str]
    body: bytes

    @property
    def document(self) -> Any:
        """The body, parsed."""
        return json.loads(self.body)


def respond(document: Any, status: int = 200, **headers: str) -> Reply:
    """Return a reply with a document of JSON."""
    return respond_bytes(json.dumps(document).encode(), status, **headers)


def respond_bytes(body: bytes, status: int = 200, **headers: str) -> Reply:
    """Return a reply with a body. Underscores in names of headers stand for hyphens."""
    lines = [f"HTTP/1.1 {status} Whatever", f"content-length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return Reply("\r\n".join([*lines, "", ""]).encode() + body)


def chunked(*parts: bytes) -> Reply:
    """Return a reply whose body is sent in chunks."""
    chunks = [b"%x;x=y\r\n%s\r\n" % (len(part), part) for part in parts]
    head = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"
    return Reply(b"".join([head, *chunks, b"0\r\n\r\n"]))


def refuse(code: str, status: int = 400, date: str = "") -> Reply:
    """Return a reply with an error of DynamoDB, and a header `date`."""
    return respond({"__type": f"com.amazonaws.dynamodb.v20120810#{code}"}, status, date=date)


class FakeService:
    """A server that gives each request the next of `replies`, or `default`.

    `requests` has what it received, `connections` how many clients connected. It refuses
    connections until it is `serving`.
    """

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.tls = tls
        self.default = respond({})
        self.replies: list[Reply] = []
        self.requests: list[Request] = []
        self.connections = 0
        self.hung_up = threading.Semaphore(0)  # Counts connections that have ended.
        self.server = _Server((HOST, 0), _Handler, bind_and_activate=False)
        self.server.server_bind()
        self.server.service = self
        self.port: int = self.server.server_address[1]
        self.url = f"{'https' if tls else 'http'}://{HOST}:{self.port}"

    def operations(self) -> list[str]:
        """Return the names of the operations that were called."""
        return [each.headers["x-amz-target"].partition(".")[2] for each in self.requests]


@contextmanager
def serving(service: FakeService) -> Iterator[FakeService]:
    """Serve in a thread, and close the server at the end."""
    service.server.server_activate()
    threading.Thread(target=service.server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield service
    finally:
        service.server.shutdown()
        service.server.server_close()


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    service: FakeService

    def handle_error(self, *_: object) -> None:
        """Say nothing: clients hang up, and refuse certificates."""


class _Handler(socketserver.BaseRequestHandler):
    server: _Server

    def handle(self) -> None:
        service = self.server.service
        service.connections += 1
        self.request.setsockopt(IPPROTO_TCP, TCP_NODELAY, 1)  # No part waits for an ACK.
        stream = self.request
        if service.tls:
            stream = service.tls.wrap_socket(self.request, server_side=True)
        with stream, stream.makefile("rb") as incoming:
            is_open = True
            while is_open and (request := _read_request(incoming)):
                service.requests.append(request)
                reply = service.replies.pop(0) if service.replies else service.default
                is_open = _send(stream, reply)
        service.hung_up.release()


def _read_request(incoming: Any) -> Request | None:
    """Return the next request, or None at the end of the connection."""
    line = incoming.readline().decode().strip()
    if not line:
        return None
    headers = {}
    while text := incoming.readline().decode().strip():
        name, _, value = text.partition(":")
        headers[name.lower()] = value.strip()
    return Request(line, headers, incoming.read(int(headers["content-length"])))


def _send(stream: Any, reply: Reply) -> bool:
    """Send a reply; return whether the connection stays open."""
    for part in [bytes([byte]) for byte in reply.data] if reply.drips else [reply.data]:
        stream.sendall(part)
        if reply.drips:
            threading.Event().wait(DRIP_S)
    if reply.then == "reset":  # Instead of an orderly end.
        stream.setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))
    return reply.then == "keep"
