"""A server of Lambda's Runtime API: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html."""

import http.client
import itertools
import json
import queue
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from dev.cloud import HOST

INVOCATION_TIMEOUT_S = 30
# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
RESPONSE_LIMIT_BYTES = 6 * 1024 * 1024 + 100
# X-Ray's description of an error is a header of up to a megabyte.
http.client._MAXLINE = 2 * 1024 * 1024  # type: ignore[attr-defined]  # noqa: SLF001
FUNCTION_ARN = "arn:aws:lambda:us-east-1:000000000000:function:lucky-numbers"


@dataclass(frozen=True)
class Outcome:
    """The end of the init phase or of an invocation, as a request to the Runtime API says it."""

    kind: str  # "ready", "response", "error" or "init error".
    at: float  # The time, in seconds of time.perf_counter.
    path: str
    headers: Mapping[str, str]  # With names in lower case.
    body: bytes = b""

    @property
    def document(self) -> Any:
        """The response, or the error."""
        return json.loads(self.body)


class RuntimeApi(ThreadingHTTPServer):
    """A server that gives `events` to a function, and puts what the function does in `outcomes`.

    An event is a pair: a document or the bytes of one, and headers. None ends the connection.
    `replies` has the bytes of the response to the next request by the end of its path, in place of
    the usual one. After them, the server closes the connection.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__((HOST, 0), _Handler)
        self.events: queue.Queue[tuple[Any, Mapping[str, str | None]] | None] = queue.Queue()
        self.outcomes: queue.Queue[Outcome | None] = queue.Queue()
        self.numbers = itertools.count(1)
        self.replies: dict[str, bytes] = {}

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Ignore the error of a function that was killed while it waited for an event."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: RuntimeApi

    def do_GET(self) -> None:
        """Serve `/invocation/next`, and `/restore/next` of SnapStart.

        The first request for an invocation ends the init phase.
        """
        if self.path.endswith("/restore/next"):
            self._respond(200, b"", {})
            return
        number = next(self.server.numbers)
        reply = self._take_reply()
        if number == 1:
            self._report("ready")
        if reply is not None:
            self._send_and_close(reply)
            return
        sent = self.server.events.get()
        if sent is None:  # From Lambda.__exit__.
            self.close_connection = True
            return
        event, headers = sent
        deadline_ms = int((time.time() + INVOCATION_TIMEOUT_S) * 1000)
        headers = {
            "Lambda-Runtime-Aws-Request-Id": f"00000000-0000-4000-8000-{number:012}",
            "Lambda-Runtime-Deadline-Ms": str(deadline_ms),
            "Lambda-Runtime-Invoked-Function-Arn": FUNCTION_ARN,
            "Content-Type": "application/json",
            **headers,
        }
        body = event if isinstance(event, bytes) else json.dumps(event).encode()
        self._respond(200, body, headers)

    def do_POST(self) -> None:
        """Serve `/invocation/{id}/response`, `/invocation/{id}/error` and `/init/error`."""
        at = time.perf_counter()
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path.endswith("/response") and len(body) > RESPONSE_LIMIT_BYTES:
            error = b'{"errorType": "Function.ResponseSizeTooLarge"}'
            self._report("error", error, at)
            self._respond(413, b'{"errorType": "RequestEntityTooLarge"}', {})
            return
        reply = self._take_reply()
        is_init_error = self.path.endswith("/init/error")
        self._report("init error" if is_init_error else self.path.rpartition("/")[2], body, at)
        if reply is not None:
            self._send_and_close(reply)
        else:
            self._respond(202, b'{"status": "OK"}', {"Content-Type": "application/json"})

    def _report(self, kind: str, body: bytes = b"", at: float | None = None) -> None:
        at = at or time.perf_counter()
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.outcomes.put(Outcome(kind, at, self.path, headers, body))

    def _take_reply(self) -> bytes | None:
        return self.server.replies.pop(self.path.rpartition("/")[2], None)

    def _send_and_close(self, reply: bytes) -> None:
        self.wfile.write(reply)
        self.close_connection = True

    def _respond(self, status: int, body: bytes, headers: Mapping[str, str | None]) -> None:
        self.send_response(status)
        is_chunked = "Transfer-Encoding" in headers
        length = {} if is_chunked else {"Content-Length": str(len(body))}
        for name, value in {**headers, **length}.items():
            if value is not None:
                self.send_header(name, value)
        self.end_headers()
        self.wfile.write(_chunk(body) if is_chunked else body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Log nothing."""


def _chunk(body: bytes) -> bytes:
    """Return a body in chunks, with an extension and a trailer: RFC 9112, section 7.1."""
    middle = len(body) // 2
    chunks = [chunk for chunk in (body[:middle], body[middle:]) if chunk]
    encoded = b"".join(b"%x;half\r\n%b\r\n" % (len(chunk), chunk) for chunk in chunks)
    return encoded + b"0\r\nTrailer: value\r\n\r\n"
