"""A proxy of the local cloud that injects the faults of networks and of busy services."""

import http.client
import json
import threading
import time
from collections.abc import Callable, Iterable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from dev.cloud import HOST

# DynamoDB's errors, in place of the call.
# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
REFUSALS: dict[str, tuple[int, dict[str, Any]]] = {
    "conflict": (
        400,
        {
            "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
            "Message": "Transaction cancelled, please refer cancellation reasons",
            "CancellationReasons": [{"Code": "TransactionConflict"}, {"Code": "None"}],
        },
    ),
    "throttled": (
        400,
        {"__type": "com.amazonaws.dynamodb.v20120810#ThrottlingException", "message": "Slower"},
    ),
    "failure": (
        500,
        {"__type": "com.amazonaws.dynamodb.v20120810#InternalServerError", "message": "Oops"},
    ),
}
# "lost": the request never arrives. "cut": the call is done, and its response is lost.
# "slow": the call is done, and its response comes after the client has given up.
# "late": the response is lost at once, and the call is done when the test delivers it.
# "unprocessed": a BatchGetItem leaves all its keys unprocessed.
FAULTS = [*REFUSALS, "lost", "cut"]
# Of a batch of messages, only the first half is sent. "partial": the others may be retried;
# "refused": they may not. Any other call gets the fault "failure".
PARTIAL = {"partial": False, "refused": True}
Fault = str | Callable[[], object] | None


class FaultyProxy:
    """A proxy of a cloud, while its `server` is serving. Each call gets the next fault."""

    def __init__(self, cloud_url: str) -> None:
        self.faults: list[Fault] = []
        self.late: list[tuple[str, dict[str, str], bytes]] = []
        self.service = ""
        self.text = ""
        self.calls = 0
        self.last_request: Any = None
        self.slow_calls_end = threading.Event()  # Ends slow calls.
        # Takes the body of a call and the port of its client, and returns whether the call is lost.
        self.loses: Callable[[bytes, int], bool] = lambda _body, _port: False
        self.target = urlsplit(cloud_url).netloc
        self.server = _Server((HOST, 0), _Handler)
        self.server.proxy = self
        self.url = f"http://{HOST}:{self.server.server_address[1]}"

    def inject(self, faults: Iterable[Fault], *, service: str = "", text: str = "") -> None:
        """Inject these faults into the next calls, or into those to a service, or with a text.

        None is no fault, and a function is what others do just before the call. `service` is the
        beginning of a call's target, such as "DynamoDB". `text` is in the call's body.
        """
        self.faults[:] = faults
        self.service = service
        self.text = text

    def deliver_late(self) -> None:
        """Do the calls that are late."""
        while self.late:
            self.forward(*self.late.pop(0))

    def forward(self, path: str, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
        """Do a call, and return the status and the body of its response."""
        connection = http.client.HTTPConnection(self.target)
        try:
            connection.request("POST", path, body, headers)
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    proxy: FaultyProxy


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # A response is one packet: a second one would wait for the ACK of the first.
    wbufsize = -1
    server: _Server

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        fault = self._next_fault(body)
        if fault == "lost":
            self._hang_up()
        elif fault == "late":
            self.server.proxy.late.append((self.path, self._headers(body), body))
            self._hang_up()
        elif fault in REFUSALS:
            status, document = REFUSALS[fault]
            self._respond(status, json.dumps(document).encode())
        elif fault == "unprocessed":
            keys = json.loads(body)["RequestItems"]
            self._respond(200, json.dumps({"Responses": {}, "UnprocessedKeys": keys}).encode())
        elif fault in PARTIAL:
            self._respond(200, self._forward_half(body, is_permanent=PARTIAL[fault]))
        else:
            status, response_body = self._forward(body)
            if fault == "slow":
                self.server.proxy.slow_calls_end.wait()
            if fault in ("cut", "slow"):
                self._hang_up()
            else:
                self._respond(status, response_body)

    def _next_fault(self, body: bytes) -> str | None:
        proxy, target = self.server.proxy, self.headers["x-amz-target"]
        proxy.calls += 1
        proxy.last_request = json.loads(body)
        if proxy.loses(body, self.client_address[1]):
            return "lost"
        is_affected = target.startswith(proxy.service) and proxy.text.encode() in body
        fault = proxy.faults.pop(0) if is_affected and proxy.faults else None
        if callable(fault):
            fault()
            return None
        if fault in PARTIAL and not target.endswith("SendMessageBatch"):
            return "failure"
        return fault

    def _forward_half(self, body: bytes, *, is_permanent: bool) -> bytes:
        request = json.loads(body)
        entries = request["Entries"]
        half = len(entries) // 2
        document: dict[str, Any] = {"Successful": []}
        if half:
            _, response_body = self._forward(
                json.dumps(request | {"Entries": entries[:half]}).encode()
            )
            document = json.loads(response_body)
        document["Failed"] = [
            {"Id": entry["Id"], "Code": "InternalError", "SenderFault": is_permanent}
            for entry in entries[half:]
        ]
        return json.dumps(document).encode()

    def _forward(self, body: bytes) -> tuple[int, bytes]:
        return self.server.proxy.forward(self.path, self._headers(body), body)

    def _headers(self, body: bytes) -> dict[str, str]:
        headers = {name.lower(): value for name, value in self.headers.items()}
        return {**headers, "content-length": str(len(body))}

    def _respond(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("content-type", "application/x-amz-json-1.0")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _hang_up(self) -> None:
        self.close_connection = True

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


def later(seconds: float = 30) -> float:
    """Return a deadline in so many seconds."""
    return time.monotonic() + seconds
