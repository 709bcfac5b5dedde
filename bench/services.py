"""DynamoDB and SQS for cold starts: each operation gets one fixed response, over HTTP or TLS.

They run in a process of their own, so that a function does not wait for the benchmark's.

    with Services() as services:
        Lambda(folder, handler, **services.settings(is_tls=True))
"""

import json
import ssl
import subprocess
import sys
import tempfile
import threading
import zlib
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import trustme

from bench.events import ITEM_ID, ORDER_IMAGE
from dev.cloud import HOST

ITEM = {
    "pk": {"S": ITEM_ID},
    "sk": {"S": ITEM_ID},
    "name": {"S": "Bell"},
    "price": {"N": "12.50"},
    "description": {"S": "Rings."},
    "version": {"N": "3"},
}
SHARD = {"pk": {"S": "shard#0"}, "claps": {"N": "3"}}


def _get_item(request: Any) -> Any:
    return {"Item": ORDER_IMAGE if request["TableName"] == "orders" else ITEM}


def _batch_get_item(request: Any) -> Any:
    (table,) = request["RequestItems"]
    return {"Responses": {table: [SHARD if table == "claps" else ITEM]}, "UnprocessedKeys": {}}


def _send_message_batch(request: Any) -> Any:
    sent = [{"Id": entry["Id"], "MessageId": "1"} for entry in request["Entries"]]
    return {"Successful": sent, "Failed": []}


RESPONSES: dict[str, Callable[[Any], Any]] = {
    "BatchGetItem": _batch_get_item,
    "DeleteItem": lambda _: {},
    "GetItem": _get_item,
    "PutItem": lambda _: {},
    "Scan": lambda _: {"Items": [ITEM], "Count": 1},
    "SendMessageBatch": _send_message_batch,
    "TransactWriteItems": lambda _: {},
    "UpdateItem": lambda _: {"Attributes": {**ITEM, "post_claps": {"N": "3"}}},
}


class Services:
    """The process of the services, inside a `with` block."""

    def __enter__(self) -> Self:
        self._folder = tempfile.TemporaryDirectory()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.services", self._folder.name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout
        self._ports = json.loads(self._process.stdout.readline())
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._process.communicate()  # It ends with its standard input.
        self._folder.cleanup()

    def settings(self, *, is_tls: bool) -> dict[str, str]:
        """Return the environment variables of a function that calls the services."""
        scheme = "https" if is_tls else "http"
        return {
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_CA_BUNDLE": f"{self._folder.name}/ca.pem",
            "AWS_ENDPOINT_URL": f"{scheme}://{HOST}:{self._ports[scheme]}",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_SESSION_TOKEN": "test",
        }


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        """Respond to an operation."""
        request = json.loads(self.rfile.read(int(self.headers["content-length"])))
        operation = self.headers["x-amz-target"].rpartition(".")[2]
        body = json.dumps(RESPONSES[operation](request)).encode()
        self.send_response(200)
        self.send_header("content-type", "application/x-amz-json-1.0")
        self.send_header("content-length", str(len(body)))
        self.send_header("x-amz-crc32", str(zlib.crc32(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Log nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Ignore the error of a function that was killed while it was connected."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


class _TlsServer(_Server):
    def __init__(self, *arguments: Any, context: ssl.SSLContext) -> None:
        super().__init__(*arguments)
        self._context = context

    def finish_request(self, request: Any, client_address: Any) -> None:
        """Shake hands, in the connection's own thread."""
        super().finish_request(self._context.wrap_socket(request, server_side=True), client_address)


def main(folder: Path) -> None:
    """Serve until standard input ends, with a CA of its own; print the ports as JSON."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(folder / "ca.pem")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(HOST).configure_cert(context)
    servers = {
        "http": _Server((HOST, 0), _Handler),
        "https": _TlsServer((HOST, 0), _Handler, context=context),
    }
    for server in servers.values():
        threading.Thread(target=server.serve_forever, daemon=True).start()
    print(json.dumps({name: each.server_port for name, each in servers.items()}), flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
