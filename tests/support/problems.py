"""The types of problems: those of the functions, those of API Gateway, and their pages."""

import json
import os
import re
import subprocess
import sys
from html import unescape
from typing import Any, NamedTuple

from dev.service import ROOT
from tests.support.functions import FUNCTIONS
from tests.support.template import properties
from tests.unit.test_imports import ENVIRONMENT

PAGES = ROOT / "web/assets/problems"
# Prints all subclasses of Problem.
PRINT_SUBCLASSES = """
import json, {modules}
from gateway import Problem
def find(kind):
    return [each for child in kind.__subclasses__() for each in [child, *find(child)]]
print(json.dumps([(each.get_name(), each.status, each.title) for each in find(Problem)
                  if hasattr(each, "status")]))
"""


class Kind(NamedTuple):
    """A type of problem."""

    name: str
    status: int
    title: str


def find_kinds_of_functions() -> set[Kind]:
    """Return the types that functions may raise: all subclasses with a status, wherever defined."""
    modules = ", ".join({function.module for function in FUNCTIONS})
    printed = subprocess.run(
        [sys.executable, "-c", PRINT_SUBCLASSES.format(modules=modules)],
        cwd=ROOT,
        env={**os.environ, **ENVIRONMENT},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return {Kind(*each) for each in json.loads(printed)}


def find_kinds_of_the_gateway(template: Any) -> set[Kind]:
    """Return the types that API Gateway responds with."""
    responses = properties(template, "AWS::ApiGateway::GatewayResponse").values()
    documents = [json.loads(each["ResponseTemplates"]["application/json"]) for each in responses]
    return {
        Kind(document["type"].rpartition("/")[2], document["status"], document["title"])
        for document in documents
    }


class ProblemPage:
    """What a page shows: texts are as a reader copies them."""

    def __init__(self, html: str) -> None:
        self.title = find_text(html, "<title>(.*?)</title>")
        self.heading = find_text(html, "<h1>(.*?)</h1>")
        self.kind = find_text(html, "<p>(Status .*?)</p>")
        self.command = find_text(html, '<pre class="command"><code>(.*?)</code></pre>')
        self.response = find_text(html, '<pre class="response"><code>(.*?)</code></pre>')


def find_text(html: str, pattern: str) -> str:
    """Return the text of the only element that matches a pattern, or "" without one."""
    found = re.findall(f"(?s){pattern}", html)
    assert len(found) < 2
    return unescape(re.sub("<.*?>", "", found[0])) if found else ""
