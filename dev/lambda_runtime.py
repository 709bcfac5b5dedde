"""A Lambda execution environment: a likeness of Lambda's image, and the Runtime API that it calls.

The function runs in a process of the base interpreter, with its artifact and the packages of
Lambda's Python runtime only. https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
"""

import contextlib
import itertools
import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from dev.cloud import HOST
from dev.lambda_python import image_folder
from dev.waiting import wait_until

TIMEOUT_S = 30
# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
RESPONSE_LIMIT_BYTES = 6 * 1024 * 1024 + 100
FUNCTION_ARN = "arn:aws:lambda:us-east-1:000000000000:function:lucky-numbers"


class LambdaError(Exception):
    """Raised when a function fails, with the error that it reports."""


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


class Lambda:
    """An execution environment that runs inside a `with` block.

        with Lambda(artifact_folder, "handler.lucky_numbers") as function:
            function.wait_until_ready()
            response = function.invoke(event).document

    AWS's runtime client runs it, or the wrapper that the variable AWS_LAMBDA_EXEC_WRAPPER names.
    Afterwards, `log` is what the function wrote to standard output and standard error, and
    `exit_status` is its process's own, or None if it still ran.
    """

    def __init__(self, task_root: Path, handler: str, **environment: str) -> None:
        self._server = _RuntimeApi((HOST, 0), _Handler)
        self._task_root = task_root
        self._bootstrap = image_folder() / "var/runtime/bootstrap"
        self._environment = {
            # https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "512",
            "AWS_LAMBDA_FUNCTION_NAME": "lucky-numbers",
            "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
            "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
            "AWS_LAMBDA_LOG_FORMAT": "JSON",
            "AWS_LAMBDA_LOG_GROUP_NAME": "/aws/lambda/lucky-numbers",
            "AWS_LAMBDA_LOG_LEVEL": "INFO",
            "AWS_LAMBDA_LOG_STREAM_NAME": "2026/11/24/[$LATEST]0",
            "AWS_LAMBDA_RUNTIME_API": f"{HOST}:{self._server.server_port}",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_REGION": "us-east-1",
            "LAMBDA_RUNTIME_DIR": str(self._bootstrap.parent),
            "LAMBDA_TASK_ROOT": str(task_root),
            "LANG": "en_US.UTF-8",
            "PATH": os.environ["PATH"],
            "PYTHONDONTWRITEBYTECODE": "1",  # /var/task is read-only on Lambda.
            "TZ": ":UTC",
            "_HANDLER": handler,
            **environment,
        }
        self.log = ""
        self.exit_status: int | None = None

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.started = time.perf_counter()
        self._process = subprocess.Popen(
            [str(self._bootstrap)],
            cwd=self._task_root,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.exit_status = self._process.poll()
        self._process.kill()
        output, _ = self._process.communicate()
        self.log = output.decode(errors="replace")
        self._server.events.put(None)
        self._server.shutdown()
        self._server.server_close()

    def wait_until_ready(self) -> Outcome:
        """Wait for the end of the init phase.

        Raises:
            LambdaError: the init phase failed.
            TimeoutError: it took longer than TIMEOUT_S.
        """
        return self._check(self.next_outcome(), "ready")

    def invoke(self, event: Any) -> Outcome:
        """Invoke the function, which must be ready, and wait for its response.

        Raises:
            LambdaError: the function failed.
            TimeoutError: it did not respond within TIMEOUT_S.
        """
        self.send(event)
        return self._check(self.next_outcome(), "response")

    def send(self, event: Any, headers: Mapping[str, str | None] | None = None) -> None:
        """Send an event, or the bytes of one, with headers beside the usual ones of Lambda.

        A header that is None is left out.
        """
        self._server.events.put((event, headers or {}))

    def next_outcome(self) -> Outcome:
        """Wait for the end of the init phase or of an invocation, whatever it is.

        Raises:
            LambdaError: the process exited.
            TimeoutError: it took longer than TIMEOUT_S.
        """

        def take() -> Outcome | None:
            has_exited = self._process.poll() is not None
            with contextlib.suppress(queue.Empty):
                return self._server.outcomes.get(timeout=0.1)
            if has_exited:
                raise LambdaError("The function exited without a response.")
            return None

        return wait_until(
            take, lambda: "The function did not respond.", timeout_s=TIMEOUT_S, interval_s=0
        )

    def wait_until_exit(self) -> int:
        """Wait until the process exits, and return its exit status."""
        return self._process.wait(TIMEOUT_S)

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the process."""
        self._process.send_signal(number)

    def peak_memory_kib(self) -> int:
        """Return the process's peak resident set size, in KiB."""
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        (line,) = (line for line in status.splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1])

    @staticmethod
    def _check(outcome: Outcome, kind: str) -> Outcome:
        if outcome.kind != kind:
            raise LambdaError(outcome.document)
        return outcome


class _RuntimeApi(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.events: queue.Queue[Any] = queue.Queue()
        self.outcomes: queue.Queue[Outcome] = queue.Queue()
        self.numbers = itertools.count(1)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Ignore the error of a function that was killed while it waited for an event."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _RuntimeApi

    def do_GET(self) -> None:
        """Serve `/invocation/next`. The first such request ends the init phase."""
        number = next(self.server.numbers)
        if number == 1:
            self._report("ready")
        sent = self.server.events.get()
        if sent is None:  # From Lambda.__exit__.
            self.close_connection = True
            return
        event, headers = sent
        deadline_ms = int((time.time() + TIMEOUT_S) * 1000)
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
        is_init_error = self.path.endswith("/init/error")
        self._report("init error" if is_init_error else self.path.rpartition("/")[2], body, at)
        self._respond(202, b'{"status": "OK"}', {"Content-Type": "application/json"})

    def _report(self, kind: str, body: bytes = b"", at: float | None = None) -> None:
        at = at or time.perf_counter()
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.outcomes.put(Outcome(kind, at, self.path, headers, body))

    def _respond(self, status: int, body: bytes, headers: Mapping[str, str | None]) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            if value is not None:
                self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Log nothing."""
