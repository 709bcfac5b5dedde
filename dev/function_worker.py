"""Runs the Python functions of the local cloud in execution environments like Lambda's.

ministack would run them with a script of its own, without the Runtime API.
"""

import io
import secrets
import tempfile
import threading
import time
import zipfile
from functools import partial
from pathlib import Path
from typing import Any

from ministack.core import lambda_runtime as ministack_lambda
from ministack.services import lambda_svc

from dev.execution_environment import EndedError, ExecutionEnvironment
from dev.function_variables import function_variables
from dev.reports import Reports
from dev.runtime_api import Outcome

# A process that is started while another thread writes an executable file holds that file open, and
# so nobody can execute it.
starting = threading.Lock()


def run_functions(reports: Reports) -> None:
    """Patch ministack so that it uses `FunctionWorker` for Python."""
    worker_class = ministack_lambda._worker_class_for  # noqa: SLF001

    def choose_class(config: Any) -> Any:
        is_python = config["Runtime"].startswith("python")
        return partial(FunctionWorker, reports) if is_python else worker_class(config)

    ministack_lambda._worker_class_for = choose_class  # noqa: SLF001
    # It returns a function's error as the function reports it.
    lambda_svc._execute_function_warm = lambda_svc._execute_function_provided_warm  # noqa: SLF001


class FunctionWorker(ministack_lambda.Worker):  # type: ignore[misc]
    """A member of ministack's pool for a function, with one execution environment at a time."""

    def __init__(self, reports: Reports, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._reports = reports
        self._environment: ExecutionEnvironment | None = None
        self._is_discarded = False  # ministack has no further use for it.

    def invoke(
        self,
        event: Any,
        request_id: str,
        *,
        trace_id: str | None = None,
        invoked_function_arn: str | None = None,
    ) -> dict[str, Any]:
        """Return the function's response or error, and its log."""
        headers = {
            "Lambda-Runtime-Aws-Request-Id": request_id,
            "Lambda-Runtime-Invoked-Function-Arn": invoked_function_arn,
            "Lambda-Runtime-Trace-Id": trace_id or make_trace_id(),
        }
        with self._lock:
            environment = self._running_environment()
            failure = None  # What the function's log does not say.
            try:
                outcome = environment.invoke(event, headers, self.config["Timeout"])
                result = to_result(outcome)
                if is_import_error(outcome):
                    module, _, _ = self.config["Handler"].rpartition(".")
                    failure = environment.import_again(module.replace("/", "."))
            except EndedError as error:
                failure = str(error)
                result = to_error({"errorMessage": failure, "errorType": error.error_type})
            log = environment.output.take()
            if failure:
                self._reports.add(function=self.func_name, failure=failure)
            if self._is_discarded or not environment.is_usable:
                environment.close()
            return {**result, "log": "\n".join(log)}

    def _running_environment(self) -> ExecutionEnvironment:
        if self._environment is None or not self._environment.is_usable:
            self._close()
            self._spawn()
        assert self._environment is not None
        return self._environment

    def _spawn(self) -> None:
        root = Path(tempfile.mkdtemp(prefix=f"{self.func_name}-"))
        layers = filter(None, map(lambda_svc._resolve_layer_zip, self.config.get("Layers", [])))  # noqa: SLF001
        variables = function_variables(self.config)
        with starting:
            extract(self.code_zip, root / "task")
            for layer in layers:
                extract(layer, root / "opt")
            self._environment = ExecutionEnvironment(root, variables, self._report_line)
        self._proc = self._environment.process

    def _report_line(self, line: str) -> None:
        self._reports.add(function=self.func_name, line=line)

    def _close(self) -> None:
        if self._environment:
            self._environment.close()

    def _discard_tmpdir(self) -> None:
        """Clean up. ministack calls this when it has stopped the process, if there was one yet."""
        self._is_discarded = True
        self._close()


def make_trace_id() -> str:
    """Return the id of a request that is not traced, which every invocation has.

    https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader
    """
    random = secrets.token_hex(20)
    return f"Root=1-{int(time.time()):08x}-{random[:24]};Parent={random[24:]};Sampled=0"


def extract(archive: bytes, folder: Path) -> None:
    """Extract a zip, with the permissions of its files."""
    folder.mkdir(exist_ok=True)
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        lambda_svc._extract_zip_preserving_mode(opened, str(folder))  # noqa: SLF001


def to_result(outcome: Outcome) -> dict[str, Any]:
    """Return a response or an error in ministack's form."""
    if outcome.kind != "response":
        return to_error(outcome.document)
    try:
        return {"status": "ok", "result": outcome.document}
    except ValueError:  # The handler returned bytes.
        return {"status": "ok", "result": outcome.body.decode(errors="replace")}


def to_error(document: dict[str, str]) -> dict[str, Any]:
    """Return an error in ministack's form."""
    return {"status": "error", "error_payload": document}


def is_import_error(outcome: Outcome) -> bool:
    """Whether a module could not be imported. AWS's client logs no traceback of that."""
    is_init_error = outcome.kind == "init error"
    return is_init_error and outcome.document["errorType"] == "Runtime.ImportModuleError"
