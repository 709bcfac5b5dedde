"""A Lambda execution environment: a likeness of Lambda's image, and the Runtime API that it calls.

The function runs in a process of the base interpreter, with its artifact and the packages of
Lambda's Python runtime only. https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
"""

import os
import queue
import signal
import subprocess
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from dev.cloud import HOST
from dev.frames import Frame, parse_frames
from dev.lambda_python import image_folder
from dev.pipe import Pipe
from dev.runtime_api import Outcome, RuntimeApi

TIMEOUT_S = 30


class LambdaError(Exception):
    """Raised when a function fails, with the error that it reports."""


class Lambda:
    """An execution environment that runs inside a `with` block.

        with Lambda(artifact_folder, "handler.lucky_numbers") as function:
            function.wait_until_ready()
            response = function.invoke(event).document

    AWS's runtime client runs it, or the wrapper that the variable AWS_LAMBDA_EXEC_WRAPPER names.
    `image` is the root of an image, by default the likeness of Lambda's. With `telemetry`, the
    function has a file descriptor for its logs, as on Lambda.

    Afterwards, `log` is what the function wrote to standard output and standard error, `frames` is
    what it wrote to the file descriptor for logs, and `exit_status` is its process's own, or None
    if it still ran.
    """

    def __init__(
        self,
        task_root: Path,
        handler: str,
        *,
        image: Path | None = None,
        telemetry: bool = False,
        **environment: str,
    ) -> None:
        self._server = RuntimeApi()
        self._task_root = task_root
        self._bootstrap = (image or image_folder()) / "var/runtime/bootstrap"
        self._output = Pipe()
        self._telemetry = Pipe() if telemetry else None
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
        if self._telemetry:
            self._environment["_LAMBDA_TELEMETRY_LOG_FD"] = str(self._telemetry.descriptor)
        self.log = ""
        self.frames: list[Frame] = []
        self.exit_status: int | None = None

    def __enter__(self) -> Self:
        # Its interval is the time that `shutdown` takes.
        threading.Thread(target=self._server.serve_forever, args=[0.01], daemon=True).start()
        self.started = time.perf_counter()
        self._process = subprocess.Popen(
            [str(self._bootstrap)],
            cwd=self._task_root,
            env=self._environment,
            pass_fds=[self._telemetry.descriptor] if self._telemetry else [],
            stdin=subprocess.DEVNULL,
            stdout=self._output.descriptor,
            stderr=subprocess.STDOUT,
        )
        threading.Thread(target=self._report_exit, daemon=True).start()
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.exit_status = self._process.poll()
        self._process.kill()
        self._process.wait()
        self._server.events.put(None)
        self._server.shutdown()
        self._server.server_close()
        self.log = self._output.close(TIMEOUT_S).decode(errors="replace")
        if self._telemetry:
            self.frames = list(parse_frames(self._telemetry.close(TIMEOUT_S)))

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
        try:
            outcome = self._server.outcomes.get(timeout=TIMEOUT_S)
        except queue.Empty:
            raise TimeoutError("The function did not respond.") from None
        if outcome is None:
            self._server.outcomes.put(None)  # For the next call.
            raise LambdaError("The function exited without a response.")
        return outcome

    def reply_once(self, path: str, reply: bytes) -> None:
        """Answer the next request to a path that ends with `path` with the bytes of a response.

        The connection is then closed. `path` is "next", "response" or "error".
        """
        self._server.replies[path] = reply

    def wait_for_log(self, text: str) -> None:
        """Wait until the function has written a text to standard output or standard error."""
        self._output.wait_for(text.encode(), TIMEOUT_S)

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

    def _report_exit(self) -> None:
        self._process.wait()
        self._server.outcomes.put(None)

    @staticmethod
    def _check(outcome: Outcome, kind: str) -> Outcome:
        if outcome.kind != kind:
            raise LambdaError(outcome.document)
        return outcome
