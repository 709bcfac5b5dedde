"""docs/security.md names tests that exist, for each risk."""

import ast
import re

import pytest

from dev.service import ROOT
from tests.support.docs import read_page

RISKS = re.split(r"(?m)^## ", read_page("docs/security.md"))[1:]
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


def test_the_page_has_the_ten_risks_of_owasp() -> None:
    assert [risk.partition(":")[0] for risk in RISKS] == [f"API{each}" for each in range(1, 11)]


@pytest.mark.parametrize("risk", RISKS, ids=lambda risk: risk.partition(":")[0])
def test_each_risk_names_tests_that_exist(risk: str) -> None:
    named = NAMED.findall(risk)
    assert len(named) == risk.count("::") > 0
    for path, name in named:
        tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
        assert name in {each.name for each in tree.body if isinstance(each, ast.FunctionDef)}, name
