"""What functions log and print under runtime_loop, against AWS's runtime client."""

import time
from pathlib import Path
from typing import Any

import pytest

from dev.lambda_runtime import Lambda
from tests.support.two_runtimes import WRAPPER_VARIABLE, Event, Pair, cases_of, run_cases, run_pair

CONFIGURATIONS: list[dict[str, Any]] = [
    {"AWS_LAMBDA_LOG_FORMAT": "JSON", "AWS_LAMBDA_LOG_LEVEL": "INFO"},
    {"AWS_LAMBDA_LOG_FORMAT": "json", "AWS_LAMBDA_LOG_LEVEL": "trace", "telemetry": True},
    {"AWS_LAMBDA_LOG_FORMAT": "JSON", "AWS_LAMBDA_LOG_LEVEL": "DEBUG", "telemetry": True},
    {"AWS_LAMBDA_LOG_FORMAT": "Text", "AWS_LAMBDA_LOG_LEVEL": ""},
    {"AWS_LAMBDA_LOG_FORMAT": "", "AWS_LAMBDA_LOG_LEVEL": "", "telemetry": True},
    {"AWS_LAMBDA_LOG_FORMAT": "Text", "AWS_LAMBDA_LOG_LEVEL": "TRACE"},
    {"AWS_LAMBDA_LOG_FORMAT": "Text", "AWS_LAMBDA_LOG_LEVEL": "WARN", "telemetry": True},
]
RECONFIGURED: dict[str, Any] = {"AWS_LAMBDA_LOG_FORMAT": "JSON", "telemetry": True}


@pytest.fixture(scope="module", params=CONFIGURATIONS, ids=str)
def logged(request: pytest.FixtureRequest, task: Path) -> dict[str, Pair]:
    """Return what was logged in each way."""
    return run_cases(task, "logs", **request.param)


@pytest.fixture(scope="module")
def printed(task: Path) -> dict[str, Pair]:
    """Return what was printed in each way."""
    return run_cases(task, "prints")


@pytest.mark.parametrize("case", cases_of("logs"))
def test_a_function_logs_as_under_aws_s_client(case: str, logged: dict[str, Pair]) -> None:
    original, loop = logged[case]
    assert loop == original


@pytest.mark.parametrize("case", cases_of("prints"))
def test_a_function_prints_as_under_aws_s_client(case: str, printed: dict[str, Pair]) -> None:
    original, loop = printed[case]
    assert loop == original


@pytest.mark.parametrize("case", cases_of("logs", "RECONFIGURED"))
def test_a_function_can_configure_logging_as_under_aws_s_client(case: str, task: Path) -> None:
    original, loop = run_pair(task, "logs.reconfigure", [Event(case)], **RECONFIGURED)
    assert original.requests[1].kind == "error"
    assert loop == original


def test_frames_have_the_time_in_microseconds(task: Path) -> None:
    start_us = time.time_ns() // 1000
    with Lambda(task, "late_logs.handler", telemetry=True, **WRAPPER_VARIABLE) as function:
        function.wait_until_ready()
        function.invoke("in the handler")
    end_us = time.time_ns() // 1000
    assert len(function.frames) == 4
    assert all(start_us <= frame.time_us <= end_us for frame in function.frames)


@pytest.mark.parametrize("telemetry", [True, False])
@pytest.mark.parametrize("event", ["in the handler", "in a thread", "with another level"])
def test_logging_may_be_imported_late(event: str, telemetry: bool, task: Path) -> None:  # noqa: FBT001
    options: dict[str, Any] = {"AWS_LAMBDA_LOG_FORMAT": "Text", "telemetry": telemetry}
    original, loop = run_pair(task, "late_logs.handler", [Event(event), Event(event)], **options)
    assert "late" in original.log or original.frames
    assert loop == original
