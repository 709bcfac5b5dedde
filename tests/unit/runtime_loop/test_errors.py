"""What runtime_loop reports of errors, against AWS's runtime client."""

from pathlib import Path
from typing import Any

import pytest

from tests.support.two_runtimes import Event, Pair, cases_of, run_cases, run_pair

LOGS: list[dict[str, Any]] = [
    {"AWS_LAMBDA_LOG_FORMAT": log_format, "telemetry": telemetry}
    for log_format in ("JSON", "Text")
    for telemetry in (False, True)
]


@pytest.fixture(scope="module", params=LOGS, ids=str)
def done(request: pytest.FixtureRequest, task: Path) -> dict[str, Pair]:
    """Return what was done with each error."""
    return run_cases(task, "errors", **request.param)


@pytest.mark.parametrize("case", cases_of("errors", "RAISED"))
def test_an_error_is_reported_and_logged_as_by_aws_s_client(
    case: str, done: dict[str, Pair]
) -> None:
    original, loop = done[case]
    assert original.requests[0].kind == "error"
    assert loop == original


@pytest.mark.parametrize("case", cases_of("errors", "LOGGED"))
def test_an_error_that_does_not_reach_the_handler_is_logged_as_under_aws_s_client(
    case: str, done: dict[str, Pair]
) -> None:
    original, loop = done[case]
    assert original.log
    assert loop == original


@pytest.mark.parametrize("handler", ["asynchronous", "of_one_argument", "not_callable"])
def test_a_handler_that_is_no_function_of_two_arguments_is_the_same_error(
    handler: str, task: Path
) -> None:
    # After the first invocation, Python warns of a coroutine that nobody awaits.
    original, loop = run_pair(task, f"errors.{handler}", [Event({}), Event({})])
    assert [each.kind for each in original.requests[1:]] == ["error", "error"]
    assert loop == original


def test_after_an_error_the_function_goes_on_with_its_state(task: Path) -> None:
    events = [Event({"fail": 1}), Event({}), Event({"fail": 2}), Event({}), Event({"fail": 3})]
    original, loop = run_pair(task, "echo.counting", events)
    assert [each.kind for each in original.requests[1:]] == [
        "response", "error", "response", "error", "response"
    ]  # fmt: skip
    assert original.requests[-1].body == "[5, 3]"
    assert loop == original


def test_an_error_without_a_text_ends_the_process(task: Path) -> None:
    original, loop = run_pair(task, "errors.crash", [Event({})])
    assert original.exit_status == 1
    assert loop == original
