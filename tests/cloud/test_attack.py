"""schemathesis, with all its checks, finds no broken promise of openapi.json: the short attack.

`npm run attack` is the long one.
"""

import re

import pytest

from tests.support.attack import attack, deployed_service
from tests.support.conformance import OPENAPI

EXAMPLES = "60"
SEED = "15"  # The same each time.
CASES_MIN = 10
ROUTES = [
    f"{method.upper()} {path}" for path, methods in OPENAPI["paths"].items() for method in methods
]


@pytest.fixture(scope="module")
def output() -> str:
    """Attack, and return what schemathesis writes."""
    with deployed_service() as url:
        result = attack(url, "--max-examples", EXAMPLES, "--seed", SEED)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def test_no_request_breaks_a_promise(output: str) -> None:
    assert "No issues found" in output


@pytest.mark.parametrize("route", ROUTES)
def test_the_route_is_attacked(output: str, route: str) -> None:
    [cases] = re.findall(rf"(?m)^ *([0-9]+) {re.escape(route)}$", output)
    assert int(cases) >= CASES_MIN
