"""What happens on the local cloud, as JSON lines for `npm start` to show.

`{"function", "line"}` is a line that a function wrote, `{"function", "failure"}` why one failed,
and `{"route", "status", "detail"}` a request that API Gateway answered itself.
"""

# ruff: noqa: SLF001 - ministack tells all this to nobody.

import contextlib
import json
import signal
import subprocess
import threading
import time
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from ministack.core import lambda_runtime
from ministack.services import apigateway_v1

GRACE_S = 0.1  # For a process to end by itself, or to write where it is.
BAD_REQUEST = 400

Worker = lambda_runtime.Worker


class Reports:
    """A file that grows by a line for each report, whichever thread reports."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("a", encoding="utf-8")
        self._lock = threading.Lock()

    def add(self, **report: Any) -> None:
        """Add a report, at once."""
        with self._lock:
            self._file.write(json.dumps(report) + "\n")
            self._file.flush()


def report_to(path: Path) -> None:
    """Have ministack report what happens, from here on."""
    reports = Reports(path)
    report_workers(reports)
    report_gateway(reports)


def report_workers(reports: Reports) -> None:
    """Report what functions write, and why one did not start or ended without a response."""
    spawn, invoke, end = Worker._spawn, Worker.invoke, lambda_runtime._signal
    current = threading.local()

    def read_and_report(worker: Any) -> None:
        with contextlib.suppress(AttributeError, ValueError):  # It was stopped.
            worker._proc.stderr.reconfigure(errors="backslashreplace")
            for line in worker._proc.stderr:
                text = line.rstrip("\n")
                worker._stderr_queue.put(text)
                reports.add(function=worker.func_name, line=text)

    def spawn_or_report(worker: Any) -> None:
        try:
            spawn(worker)
        except RuntimeError as error:
            report_start(reports, worker, str(error))
            raise

    def invoke_and_report(worker: Any, *arguments: Any, **options: Any) -> Any:
        current.deadline = time.monotonic() + float(worker.config["Timeout"])
        current.ended = None
        try:
            response = invoke(worker, *arguments, **options)
        finally:
            current.deadline = None
        if response["status"] == "error":
            failure = current.ended or response.get("trace") or response["error"]
            reports.add(function=worker.func_name, failure=failure.rstrip())
        return response

    def note_and_end(process: Any) -> None:
        """Note how a worker ended; have one that is out of time say where it is."""
        deadline = getattr(current, "deadline", None)
        if deadline is not None:
            if time.monotonic() >= deadline:
                process.send_signal(signal.SIGUSR1)  # As dev/runtime/sitecustomize.py registers.
                time.sleep(GRACE_S)
            else:
                current.ended = how_it_ended(process)
        end(process)

    Worker._read_stderr = read_and_report
    Worker._spawn = spawn_or_report
    Worker.invoke = invoke_and_report
    lambda_runtime._signal = note_and_end


def report_start(reports: Reports, worker: Any, error: str) -> None:
    """Report why a worker did not start."""
    # ministack may have read the last lines before we could.
    for line in error.partition("stderr: ")[2].splitlines():
        reports.add(function=worker.func_name, line=line)
    # A worker that tells why it cannot load the handler ends as if all were well.
    has_told = "init failed" in error
    failure = error if has_told else how_it_ended(worker._proc) or error
    reports.add(function=worker.func_name, failure=failure)


def how_it_ended(process: Any) -> str | None:
    """Return how a process has ended, in Lambda's words, or None where it goes on."""
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
    """Report each request that API Gateway answers itself, with an error."""
    handle, invoke = apigateway_v1.handle_execute, apigateway_v1._invoke_lambda_proxy_v1
    is_answered: ContextVar[bool] = ContextVar("is_answered")

    async def invoke_and_note(*arguments: Any, **options: Any) -> Any:
        response = await invoke(*arguments, **options)
        is_answered.set(isinstance(response, tuple))
        return response

    async def handle_and_report(
        api_id: str, stage: str, method: str, path: str, *rest: Any
    ) -> tuple[int, dict[str, str], bytes]:
        is_answered.set(False)
        response: tuple[int, dict[str, str], bytes] = await handle(
            api_id, stage, method, path, *rest
        )
        status, _, body = response
        if status >= BAD_REQUEST and not is_answered.get():
            reports.add(route=f"{method} {path}", status=status, detail=detail_of(body))
        return response

    apigateway_v1._invoke_lambda_proxy_v1 = invoke_and_note
    apigateway_v1.handle_execute = handle_and_report


def detail_of(body: bytes) -> str:
    """Return what an error's body says of it."""
    with contextlib.suppress(ValueError, AttributeError):
        document = json.loads(body)
        return str(document.get("detail") or document.get("message"))
    return body.decode(errors="replace")
