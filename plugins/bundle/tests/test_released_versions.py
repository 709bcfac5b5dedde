"""Compiled models do the same as with other released versions of pydantic, from the floor on.

`npm run pydantics` tries every version.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).parent


# The last of each minor version. test_against_pydantic.py holds the installed one.
@pytest.mark.parametrize("version", ["2.11.10", "2.12.5", "2.13.5"])
def test_corpus_does_the_same_with_a_version(version: str) -> None:
    paths = os.pathsep.join([str(TESTS.parent), str(TESTS)])
    run = subprocess.run(
        [sys.executable, "-m", "against_pydantic.versions", "--examples", "1", version],
        env={**os.environ, "PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
