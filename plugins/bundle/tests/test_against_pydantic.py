"""Every module of the corpus does the same compiled, without pydantic, as it does with pydantic."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from against_pydantic.cases import list_cases
from against_pydantic.features import FEATURES, write_features
from against_pydantic.result import Result

TESTS = Path(__file__).parent
CASES = [f"{case.chapter}/{case.name}" for case in list_cases()]


@pytest.fixture(scope="module")
def results() -> dict[str, Result]:
    """Return what became of each case. `python -m against_pydantic --examples 100` tries more."""
    paths = os.pathsep.join([str(TESTS.parent), str(TESTS)])
    run = subprocess.run(
        [sys.executable, "-m", "against_pydantic", "--examples", "6"],
        env={**os.environ, "PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=False,
    )
    found = [Result(**json.loads(line)) for line in run.stdout.splitlines()]
    assert len(found) == len(CASES), run.stderr
    return {result.case: result for result in found}


@pytest.mark.parametrize("case", CASES)
def test_compiled_case_does_the_same_as_with_pydantic(
    results: dict[str, Result], case: str
) -> None:
    assert not results[case].differences, "\n".join(results[case].differences)


def test_table_of_features_is_up_to_date(results: dict[str, Result]) -> None:
    assert FEATURES.read_text(encoding="utf-8") == write_features(list(results.values()))
