"""What importing a function's module loads: each pays for itself alone."""

import subprocess
import sys

import pytest

from dev.cloud import ROOT

SDKS = {"aiobotocore", "aws", "boto3", "botocore", "s3transfer", "urllib3"}
ROOMS = {"bench", "claps", "dev", "hello", "items", "lucky_numbers", "orders", "tests", "web"}


def loaded_by(modules: str, *options: str) -> set[str]:
    """Return the top-level modules that a fresh interpreter has after importing these."""
    code = f"import sys, {modules}; print(*{{name.split('.')[0] for name in sys.modules}})"
    interpreter = [sys.executable, *options, "-c", code]
    run = subprocess.run(interpreter, cwd=ROOT, capture_output=True, text=True, check=True)
    return set(run.stdout.split())


@pytest.mark.parametrize(("module", "own"), [("handler", {"lucky_numbers"})])
def test_a_function_loads_no_aws_sdk_and_no_other_function_s_room(
    module: str, own: set[str]
) -> None:
    loaded = loaded_by(module)
    assert loaded & ROOMS == own
    assert not loaded & SDKS


def test_the_gateway_loads_pydantic_core_and_not_pydantic() -> None:
    loaded = loaded_by("gateway")
    assert "pydantic_core" in loaded
    assert "pydantic" not in loaded


def test_drawing_needs_the_standard_library_alone() -> None:
    loaded = loaded_by("lucky_numbers.draw", "-S")
    assert loaded - sys.stdlib_module_names - {"__main__"} == {"lucky_numbers"}
