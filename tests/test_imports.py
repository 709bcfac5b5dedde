"""What importing a function's module loads: each pays for itself alone."""

import subprocess
import sys

import pytest

from dev.cloud import ROOT

SDKS = {"aiobotocore", "aws", "boto3", "botocore", "s3transfer", "urllib3"}
ROOMS = {"bench", "claps", "dev", "hello", "items", "lucky_numbers", "orders", "tests", "web"}


@pytest.mark.parametrize(("module", "own"), [("handler", {"lucky_numbers"})])
def test_a_function_loads_no_aws_sdk_and_no_other_function_s_room(
    module: str, own: set[str]
) -> None:
    code = f"import sys, {module}; print(*{{name.split('.')[0] for name in sys.modules}})"
    interpreter = [sys.executable, "-c", code]
    run = subprocess.run(interpreter, cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = set(run.stdout.split())
    assert loaded & ROOMS == own
    assert not loaded & SDKS


def test_the_gateway_loads_pydantic_core_and_not_pydantic() -> None:
    code = "import sys, gateway; print(*{name.split('.')[0] for name in sys.modules})"
    interpreter = [sys.executable, "-c", code]
    run = subprocess.run(interpreter, cwd=ROOT, capture_output=True, text=True, check=True)
    assert "pydantic_core" in run.stdout.split()
    assert "pydantic" not in run.stdout.split()


def test_drawing_needs_the_standard_library_alone() -> None:
    code = "import sys, lucky_numbers.draw; print(*{name.split('.')[0] for name in sys.modules})"
    interpreter = [sys.executable, "-S", "-c", code]
    run = subprocess.run(interpreter, cwd=ROOT, capture_output=True, text=True, check=True)
    assert set(run.stdout.split()) - sys.stdlib_module_names - {"__main__"} == {"lucky_numbers"}
