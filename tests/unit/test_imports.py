"""A function's module imports only what that function needs."""

import os
import subprocess
import sys

import pytest

from dev.service import ROOT
from tests.support.functions import FUNCTIONS, Function

SDKS = {"aiobotocore", "boto3", "botocore", "s3transfer", "urllib3"}
# The environment of deployed functions.
ENVIRONMENT = {
    "ATTEMPTS_TABLE": "attempts",
    "AWS_REGION": "us-east-1",
    "CLAPS_TABLE": "claps",
    "ITEMS_TABLE": "items",
    "ITEM_KEYS_TABLE": "item-keys",
    "ORDERS_QUEUE": "http://127.0.0.1/orders",
    "ORDERS_TABLE": "orders",
    "DEAD_LETTER_QUEUE": "http://127.0.0.1/dead-letters",
    "SECRET": "secret",
    "VIEWER_HEADER": "",
}
PACKAGES = {"bench", "dev", "ops", "tests", *(function.package for function in FUNCTIONS)}
READS = {"orders.handler": {"items"}}  # Orders take their prices from the items.


def loaded_by(modules: str, *options: str) -> set[str]:
    """Return the top-level modules that are loaded after a fresh interpreter imports these."""
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


@pytest.mark.parametrize("function", FUNCTIONS, ids=str)
def test_a_function_loads_its_own_package_and_those_that_it_reads(function: Function) -> None:
    reads = READS.get(function.module, set())
    assert loaded_by(function.module) & PACKAGES == {function.package} | reads


@pytest.mark.parametrize("function", FUNCTIONS, ids=str)
def test_a_function_loads_no_sdk_and_without_a_store_no_client_of_aws(function: Function) -> None:
    unwanted = SDKS if function.has_store else SDKS | {"aws"}
    assert not loaded_by(function.module) & unwanted


def test_the_gateway_loads_pydantic_core_but_not_pydantic() -> None:
    loaded = loaded_by("gateway")
    assert "pydantic_core" in loaded
    assert "pydantic" not in loaded


def test_drawing_needs_only_the_standard_library() -> None:
    loaded = loaded_by("lucky_numbers.draw", "-S")
    assert loaded - sys.stdlib_module_names - {"__main__"} == {"lucky_numbers"}
