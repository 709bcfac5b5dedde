"""What importing a function's module loads: each pays for itself alone."""

import os
import re
import subprocess
import sys

import pytest

from dev.cloud import ROOT

SDKS = {"aiobotocore", "aws", "boto3", "botocore", "s3transfer", "urllib3"}
# The module of each handler, and the rooms that it may load.
OWN = {"claps.handler": {"claps"}, "handler": {"lucky_numbers"}, "web.handler": {"web"}}
# What a deploy tells functions.
ENVIRONMENT = {"AWS_REGION": "us-east-1", "SECRET": "secret", "CLAPS_TABLE": "claps"}
ROOMS = {"bench", "claps", "dev", "hello", "items", "lucky_numbers", "orders", "tests", "web"}


def loaded_by(modules: str, *options: str) -> set[str]:
    """Return the top-level modules that a fresh interpreter has after importing these."""
    code = f"import sys, {modules}; print(*{{name.split('.')[0] for name in sys.modules}})"
    interpreter = [sys.executable, *options, "-c", code]
    run = subprocess.run(
        interpreter,
        cwd=ROOT,
        env={**os.environ, **ENVIRONMENT},
        capture_output=True,
        text=True,
        check=True,
    )
    return set(run.stdout.split())


@pytest.mark.parametrize(("module", "own"), OWN.items())
def test_a_function_loads_no_other_function_s_room(module: str, own: set[str]) -> None:
    assert loaded_by(module) & ROOMS == own


@pytest.mark.parametrize("module", ["handler", "web.handler"])
def test_a_function_that_keeps_nothing_loads_no_aws_sdk(module: str) -> None:
    assert not loaded_by(module) & SDKS


def test_every_function_is_held_to_its_own_room() -> None:
    text = (ROOT / "serverless.yml").read_text()
    handlers = re.findall(r"(?m)^    handler: (\S+)\.\w+$", text)
    assert {path.replace("/", ".") for path in handlers} == OWN.keys()


def test_the_gateway_loads_pydantic_core_and_not_pydantic() -> None:
    loaded = loaded_by("gateway")
    assert "pydantic_core" in loaded
    assert "pydantic" not in loaded


def test_drawing_needs_the_standard_library_alone() -> None:
    loaded = loaded_by("lucky_numbers.draw", "-S")
    assert loaded - sys.stdlib_module_names - {"__main__"} == {"lucky_numbers"}
