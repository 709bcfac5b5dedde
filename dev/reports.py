"""Reports of the local cloud, as lines of JSON, which dev/terminal.py prints.

- `{"function", "line"}`: a line that a function wrote to standard output or standard error.
- `{"function", "failure"}`: the reason why a function failed.
- `{"route", "status", "detail"}`: an error response that API Gateway made itself.
"""

# ruff: noqa: SLF001 - ministack has no public hooks for this.

import contextlib
import json
import signal
import subprocess
import threading
import time
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from ministack.core import lambda_runtime as ministack_lambda
from ministack.services import apigateway_v1

GRACE_S = 0.1  # The time that a process gets to exit by itself, or to write its traceback.
BAD_REQUEST = 400

Worker = ministack_lambda.Worker


class Reports:
    """A file of reports, to which any thread may add."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("a", encoding="utf-8")
        self._lock = threading.Lock()

    def add(self, **report: Any) -> None:
        """Write a report, and flush it."""
        with self._lock:
            self._file.write(json.dumps(report) + "\n")
            self._file.flush()


def report_to(path: Path) -> None:
    """Patch ministack so that it writes reports to a file."""
    reports = Reports(path)
    report_workers(reports)
    report_gateway(reports)


def report_workers(reports: Reports) -> None:
    """Report what functions write, and why one does not start, exits, fails or times out."""
    spawn, invoke, stop = Worker._spawn, Worker.invoke, ministack_lambda._signal
    current = threading.local()

    def read_and_report(worker: Any) -> None:
        with contextlib.suppress(AttributeError, ValueError):  # The worker was stopped.
            worker._proc.stderr.reconfigure(errors="backslashreplace")
            for line in worker._proc.stderr:
                text = line.rstrip("\n")
                worker._stderr_queue.put(text)
                reports.add(function=worker.func_name, line=text)

    def spawn_or_report(worker: Any) -> None:
        try:
            spawn(worker)
        except RuntimeError as error:
            report_failed_start(reports, worker, str(error))
            raise

    def invoke_and_report(worker: Any, *arguments: Any, **options: Any) -> Any:
        current.deadline = time.monotonic() + float(worker.config["Timeout"])
        current.exit_reason = None
        try:
            response = invoke(worker, *arguments, **options)
        finally:
            current.deadline = None
        if response["status"] == "error":
            failure = current.exit_reason or response.get("trace") or response["error"]
            reports.add(function=worker.func_name, failure=failure.rstrip())
        return response

    def note_and_stop(process: Any) -> None:
        """Note why a worker has exited. Make one that has timed out write its traceback."""
        deadline = getattr(current, "deadline", None)
        if deadline is not None:
            if time.monotonic() >= deadline:
                process.send_signal(signal.SIGUSR1)  # Handled in sitecustomize.py.
                time.sleep(GRACE_S)
            else:
                current.exit_reason = exit_reason(process)
        stop(process)

    Worker._read_stderr = read_and_report
    Worker._spawn = spawn_or_report
    Worker.invoke = invoke_and_report
    ministack_lambda._signal = note_and_stop


def report_failed_start(reports: Reports, worker: Any, error: str) -> None:
    """Report why a worker did not start."""
    # Lines that ministack read before `read_and_report` could.
    for line in error.partition("stderr: ")[2].splitlines():
        reports.add(function=worker.func_name, line=line)
    # A worker that cannot load the handler gives the reason and exits with status 0.
    has_reason = "init failed" in error
    failure = error if has_reason else exit_reason(worker._proc) or error
    reports.add(function=worker.func_name, failure=failure)


def exit_reason(process: Any) -> str | None:
    """Return why a process has exited, in Lambda's words, or None if it still runs."""
    if process is None:
        return None
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(GRACE_S)
    match process.returncode:
        case None:
            return None
        case code if code < 0:
            return f"Runtime exited with error: signal: {signal.strsignal(-code)}"
        case code:
            return f"Runtime exited with error: exit status {code}"


def report_gateway(reports: Reports) -> None:
    """Report each error response that API Gateway makes itself, without a function."""
    handle, invoke = apigateway_v1.handle_execute, apigateway_v1._invoke_lambda_proxy_v1
    is_from_function: ContextVar[bool] = ContextVar("is_from_function")

    async def invoke_and_note(*arguments: Any, **options: Any) -> Any:
        response = await invoke(*arguments, **options)
        is_from_function.set(isinstance(response, tuple))
        return response

    async def handle_and_report(
        api_id: str, stage: str, method: str, path: str, *rest: Any
    ) -> tuple[int, dict[str, str], bytes]:
        is_from_function.set(False)
        response: tuple[int, dict[str, str], bytes] = await handle(
            api_id, stage, method, path, *rest
        )
        status, _, body = response
        if status >= BAD_REQUEST and not is_from_function.get():
            reports.add(route=f"{method} {path}", status=status, detail=detail_of(body))
        return response

    apigateway_v1._invoke_lambda_proxy_v1 = invoke_and_note
    apigateway_v1.handle_execute = handle_and_report


def detail_of(body: bytes) -> str:
    """Return the detail or message of an error response."""
    with contextlib.suppress(ValueError, AttributeError):
        document = json.loads(body)
        return str(document.get("detail") or document.get("message"))
    return body.decode(errors="replace")
