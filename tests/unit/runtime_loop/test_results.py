"""What runtime_loop does with results, against AWS's runtime client."""

from pathlib import Path

import pytest

from tests.support.two_runtimes import Pair, cases_of, run_cases


@pytest.fixture(scope="module")
def done(task: Path) -> dict[str, Pair]:
    """Return what was done with each result."""
    return run_cases(task, "results")


@pytest.mark.parametrize("case", cases_of("results", "WRITABLE"))
def test_a_result_is_posted_as_by_aws_s_client(case: str, done: dict[str, Pair]) -> None:
    original, loop = done[case]
    assert original.requests[0].kind == "response"
    assert loop == original


@pytest.mark.parametrize("case", cases_of("results", "REFUSED"))
def test_a_result_that_is_no_json_is_refused_as_by_aws_s_client(
    case: str, done: dict[str, Pair]
) -> None:
    original, loop = done[case]
    assert original.requests[0].kind == "error"
    assert "Runtime.MarshalError" in original.requests[0].body
    assert loop == original
