"""The differences from AWS's runtime client that are meant, each with its reason.

plugins/bundle/README.md lists them, and more. `tests/support/differences.py` has those of each
request.
"""

import json
import signal
from pathlib import Path
from typing import Any

import pytest

from dev.lambda_runtime import Lambda
from tests.support.two_runtimes import WRAPPER_VARIABLE, Event, Pair, make_task, run_pair

SURROGATE = "raise ValueError('\\ud800')"
LARGE = "'x' * 7_000_000"


def run_twice(task: Path, code: str, **options: Any) -> Pair:
    """Run a handler that evaluates code, then 1, in one process."""
    return run_pair(task, "inits.evaluate", [Event(code), Event("1")], CODE="", **options)


def test_a_result_over_lambda_s_limit_does_not_end_the_process(task: Path) -> None:
    """Lambda reports the error to the caller. A new process would be a cold start for the next."""
    original, loop = run_twice(task, LARGE)
    assert original.exit_status == 1
    assert loop.requests[2].body == "1"
    assert loop.log == (
        '[ERROR] Lambda refused the response: {"errorType": "RequestEntityTooLarge"}\n'
    )


@pytest.mark.parametrize("code", ["'\\ud800'", "{'\\udfff': ['\\ud800']}"])
def test_a_result_with_an_unpaired_surrogate_does_not_end_the_process(
    code: str, task: Path
) -> None:
    """JSON can write it."""
    original, loop = run_twice(task, code)
    assert original.exit_status == 1
    assert json.loads(loop.requests[1].body) == eval(code)
    assert loop.requests[2].body == "1"


@pytest.mark.parametrize("telemetry", [True, False])
@pytest.mark.parametrize("log_format", ["JSON", "Text"])
def test_an_error_with_an_unpaired_surrogate_does_not_end_the_process(
    log_format: str,
    telemetry: bool,  # noqa: FBT001
    task: Path,
) -> None:
    """JSON can write it, too."""
    options: dict[str, Any] = {"AWS_LAMBDA_LOG_FORMAT": log_format, "telemetry": telemetry}
    original, loop = run_pair(
        task, "inits.in_handler", [Event(SURROGATE), Event("")], CODE="", **options
    )
    assert original.exit_status == 1
    assert json.loads(loop.requests[1].body)["errorMessage"] == "\ud800"
    assert "\\ud800" in loop.log + repr(loop.frames)
    assert loop.requests[2].body == '"done"'


@pytest.mark.parametrize("text", ["ü", "☘"])
def test_an_error_of_the_init_phase_is_utf_8(text: str, task: Path) -> None:
    """AWS's client posts Latin-1, which is not JSON, or fails to post it."""
    code = f"raise ValueError({text!r})"
    _, loop = run_pair(task, "inits.handler", act=Lambda.wait_until_exit, CODE=code)
    assert json.loads(loop.requests[0].body)["errorMessage"] == text
    assert loop.exit_status == 1


def test_the_process_can_exit_when_it_is_terminated(task: Path) -> None:
    """AWS's client waits for its thread, which waits for an invocation, until Lambda kills it."""
    with Lambda(task, "ends.handler", **WRAPPER_VARIABLE) as function:
        function.wait_until_ready()
        function.invoke("exit on SIGTERM")
        function.signal(signal.SIGTERM)
        assert function.wait_until_exit() == 0
    assert function.log.endswith("graceful\natexit\n")


def test_an_event_without_a_content_type_does_not_end_the_process(task: Path) -> None:
    """Lambda always sends one."""
    original, loop = run_pair(task, "echo.handler", [Event(b"{}", {"Content-Type": None})])
    assert original.exit_status
    assert loop.requests[1].body == "{}"


def test_stack_traces_do_not_show_the_loop(task: Path) -> None:
    """AWS's client leaves its own frames out, too, except where there are no others."""
    with Lambda(task, "echo.counting", **WRAPPER_VARIABLE) as function:
        function.wait_until_ready()
        function.send({})
        (frame,) = function.next_outcome().document["stackTrace"]
    assert "echo.py" in frame
    assert "runtime_loop/" not in function.log


def test_own_modules_named_bootstrap_are_in_stack_traces(tmp_path: Path) -> None:
    """AWS's client takes them for its own, and leaves them out."""
    task = make_task(tmp_path / "task")
    code = "import echo\ndef handler(event, context):\n    return echo.counting(event, context)\n"
    (task / "bootstrap.py").write_text(code)
    original, loop = (
        json.loads(record.requests[1].body)["stackTrace"]
        for record in run_pair(task, "bootstrap.handler", [Event({})])
    )
    assert "echo.py" in original[0]
    assert "bootstrap.py" in loop[0]
    assert loop[1:] == original


def test_modules_that_only_aws_s_client_imports_are_not_attributes_of_their_packages(
    task: Path,
) -> None:
    """A function that uses `concurrent.futures` must import it, as everywhere else."""
    code = "__import__('concurrent').futures.__name__"
    original, loop = run_pair(task, "inits.evaluate", [Event(code)], CODE="")
    assert original.requests[1].body == '"concurrent.futures"'
    assert "has no attribute 'futures'" in loop.requests[1].body


def test_a_log_at_exit_is_written(task: Path) -> None:
    """AWS's client has closed Lambda's file descriptor for logs by then."""
    code = "import atexit, logging, sys; atexit.register(logging.error, 'at exit'); sys.exit(3)"
    options: dict[str, Any] = {"telemetry": True, "CODE": ""}
    original, loop = run_pair(
        task, "inits.in_handler", [Event(code)], Lambda.wait_until_exit, **options
    )
    assert original.frames == []
    assert "at exit" in loop.frames[0][1]
