"""An execution environment of the local cloud, in a likeness of Lambda's image.

https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
"""

import contextlib
import os
import queue
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from dev.cloud import HOST
from dev.function_output import FunctionOutput
from dev.lambda_python import image_folder
from dev.runtime_api import Outcome, RuntimeApi

INIT_TIMEOUT_S = 10  # Lambda's.
TRACEBACK_TIMEOUT_S = 1  # For a process that has timed out to write its traceback.


class EndedError(Exception):
    """Raised when the process has exited or has timed out, and has been killed."""

    def __init__(self, error_type: str, reason: str) -> None:
        super().__init__(reason)
        self.error_type = error_type


class ExecutionEnvironment:
    """A process that runs a function, under AWS's runtime client or the function's wrapper.

    `root` has the function's code in `task` and its layers in `opt`, and is deleted at the end.
    """

    def __init__(
        self, root: Path, variables: Mapping[str, str], report_line: Callable[[str], None]
    ) -> None:
        self._root = root
        self._api = RuntimeApi()
        threading.Thread(target=self._serve, daemon=True).start()
        self._is_ready = self._has_failed = False
        (root / "var").symlink_to(image_folder() / "var")
        runtime, self._task = root / "var/runtime", root / "task"
        self._variables = {
            **variables,
            "AWS_LAMBDA_RUNTIME_API": f"{HOST}:{self._api.server_port}",
            "LAMBDA_RUNTIME_DIR": str(runtime),
            "LAMBDA_TASK_ROOT": str(self._task),
            "PYTHONDONTWRITEBYTECODE": "1",  # /var/task is read-only on Lambda.
            "PYTHONFAULTHANDLER": "1",  # Writes a traceback upon SIGABRT.
        }
        self.process = subprocess.Popen(
            [runtime / "bootstrap"],
            cwd=self._task,
            env=self._variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        assert self.process.stdout is not None
        self.output = FunctionOutput(self.process.stdout, report_line)
        threading.Thread(target=self._report_exit, daemon=True).start()

    @property
    def is_usable(self) -> bool:
        """Whether it can take an event: its process runs, and its init phase has not failed."""
        return self.process.poll() is None and not self._has_failed

    def invoke(self, event: Any, headers: Mapping[str, str | None], timeout_s: float) -> Outcome:
        """Invoke the function, and return its response, its error, or that of its init phase.

        Raises:
            EndedError: there is none.
        """
        if not self._is_ready:
            init = self._wait(INIT_TIMEOUT_S)
            if init.kind != "ready":
                self._has_failed = True
                return init
            self._is_ready = True
        deadline_ms = str(int((time.time() + timeout_s) * 1000))
        self._api.events.put((event, {**headers, "Lambda-Runtime-Deadline-Ms": deadline_ms}))
        return self._wait(timeout_s)

    def import_again(self, module: str) -> str:
        """Return the traceback of a module that cannot be imported."""
        python = self._root / f"var/lang/bin/python{sys.version_info[0]}.{sys.version_info[1]}"
        layers = self._root / "opt/python"
        packages = layers / f"lib/{python.name}/site-packages"
        path = os.pathsep.join(map(str, [self._task, packages, layers]))
        imported = subprocess.run(
            [python, "-c", f"__import__({module!r})"],
            cwd=self._task,
            env={**self._variables, "PYTHONPATH": path},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
        return imported.stderr.decode(errors="backslashreplace").rstrip()

    def close(self) -> None:
        """Kill the process, and delete the folder."""
        self.process.kill()
        self.process.wait()
        self._api.events.put(None)
        # `shutdown` waits for the next poll of `serve_forever`.
        threading.Thread(target=self._api.shutdown, daemon=True).start()
        shutil.rmtree(self._root, ignore_errors=True)

    def _serve(self) -> None:
        with self._api:
            self._api.serve_forever()

    def _report_exit(self) -> None:
        self.process.wait()
        self._api.outcomes.put(None)

    def _wait(self, timeout_s: float) -> Outcome:
        try:
            outcome = self._api.outcomes.get(timeout=timeout_s)
        except queue.Empty:
            self._abort()
            reason = f"Task timed out after {timeout_s:.2f} seconds"
            raise EndedError("Sandbox.Timedout", reason) from None
        if outcome is None:
            raise EndedError("Runtime.ExitError", describe_exit(self.process.wait()))
        return outcome

    def _abort(self) -> None:
        """Make the process write its traceback, and kill it."""
        self.process.send_signal(signal.SIGABRT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(TRACEBACK_TIMEOUT_S)
        self.process.kill()
        self.process.wait()


def describe_exit(status: int) -> str:
    """Return why a process has exited, in Lambda's words."""
    reason = f"signal: {signal.strsignal(-status)}" if status < 0 else f"exit status {status}"
    return f"Runtime exited with error: {reason}"
