"""A Lambda execution environment: AWS's runtime client, and the Runtime API that it calls.

The function runs in a process of the base interpreter, with its artifact and the packages of
Lambda's Python runtime only. https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
"""

import contextlib
import itertools
import json
import os
import queue
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from dev.cloud import HOST
from dev.lambda_python import RUNTIME_CLIENT, SDK, base_python, package_folder
from dev.waiting import wait_until

TIMEOUT_S = 30
FUNCTION_ARN = "arn:aws:lambda:us-east-1:000000000000:function:lucky-numbers"


class LambdaError(Exception):
    """Raised when a function fails, with the error that it reports."""


@dataclass(frozen=True)
class Outcome:
    """The result of the init phase or of an invocation."""

    kind: str  # "ready", "response" or "error".
    document: Any  # The response, or the error.
    at: float  # The time, in seconds of time.perf_counter.


class Lambda:
    """An execution environment that runs inside a `with` block.

        with Lambda(artifact_folder, "handler.lucky_numbers") as function:
            function.wait_until_ready()
            response = function.invoke(event).document

    Afterwards, `log` is what the function wrote to standard output and standard error.
    """

    def __init__(self, task_root: Path, handler: str, **environment: str) -> None:
        self._server = _RuntimeApi((HOST, 0), _Handler)
        self._arguments = [base_python(), "-m", "awslambdaric", handler]
        self._task_root = task_root
        self._environment = {
            "AWS_LAMBDA_FUNCTION_NAME": handler,
            "AWS_LAMBDA_LOG_FORMAT": "JSON",
            "AWS_LAMBDA_LOG_LEVEL": "INFO",
            "AWS_LAMBDA_RUNTIME_API": f"{HOST}:{self._server.server_port}",
            "LANG": "en_US.UTF-8",
            "PATH": os.environ["PATH"],
            "PYTHONDONTWRITEBYTECODE": "1",  # /var/task is read-only on Lambda.
            "PYTHONNOUSERSITE": "1",
            "PYTHONPATH": str(package_folder([*RUNTIME_CLIENT, *SDK])),
            "TZ": ":UTC",
            **environment,
        }
        self.log = ""

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.started = time.perf_counter()
        self._process = subprocess.Popen(
            self._arguments,
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
        return self._expect("ready")

    def invoke(self, event: Any) -> Outcome:
        """Invoke the function, which must be ready, and wait for its response.

        Raises:
            LambdaError: the function failed.
            TimeoutError: it did not respond within TIMEOUT_S.
        """
        self._server.events.put(event)
        return self._expect("response")

    def peak_memory_kib(self) -> int:
        """Return the process's peak resident set size, in KiB."""
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        (line,) = (line for line in status.splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1])

    def _expect(self, kind: str) -> Outcome:
        def take() -> Outcome | None:
            has_exited = self._process.poll() is not None
            with contextlib.suppress(queue.Empty):
                return self._server.outcomes.get(timeout=0.1)
            if has_exited:
                raise LambdaError("The function exited without a response.")
            return None

        outcome = wait_until(
            take, lambda: "The function did not respond.", timeout_s=TIMEOUT_S, interval_s=0
        )
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
            self.server.outcomes.put(Outcome("ready", None, time.perf_counter()))
        event = self.server.events.get()
        if event is None:  # From Lambda.__exit__.
            self.close_connection = True
            return
        deadline_ms = int((time.time() + TIMEOUT_S) * 1000)
        headers = {
            "Lambda-Runtime-Aws-Request-Id": f"00000000-0000-4000-8000-{number:012}",
            "Lambda-Runtime-Deadline-Ms": str(deadline_ms),
            "Lambda-Runtime-Invoked-Function-Arn": FUNCTION_ARN,
            "Content-Type": "application/json",
        }
        self._respond(200, json.dumps(event).encode(), headers)

    def do_POST(self) -> None:
        """Serve `/invocation/{id}/response`, `/invocation/{id}/error` and `/init/error`."""
        at = time.perf_counter()
        document = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.outcomes.put(Outcome(self.path.rpartition("/")[2], document, at))
        self._respond(202, b"{}", {})

    def _respond(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Log nothing."""
