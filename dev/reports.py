"""Reports of the local cloud, as lines of JSON, which dev/terminal.py prints.

- `{"function", "line"}`: a line that a function wrote to standard output or standard error.
- `{"function", "failure"}`: the reason why a function failed.
- `{"route", "status", "detail"}`: an error response that API Gateway made itself.
"""

# ruff: noqa: SLF001 - ministack has no public hooks for this.

import contextlib
import json
import threading
from contextvars import ContextVar
from pathlib import Path
from typing import Any
from urllib.parse import quote

from ministack.services import apigateway_v1

BAD_REQUEST = 400


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
            reports.add(route=f"{method} {quote(path)}", status=status, detail=detail_of(body))
        return response

    apigateway_v1._invoke_lambda_proxy_v1 = invoke_and_note
    apigateway_v1.handle_execute = handle_and_report


def detail_of(body: bytes) -> str:
    """Return the detail or message of an error response."""
    with contextlib.suppress(ValueError, AttributeError):
        document = json.loads(body)
        return str(document.get("detail") or document.get("message"))
    return body.decode(errors="replace")
