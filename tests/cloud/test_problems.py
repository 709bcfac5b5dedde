"""The types of problems over HTTP: each is a page that explains it and shows it."""

import json
import re
import subprocess
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote, urljoin

import pytest
import requests

from dev.clients import aws_client
from dev.cloud import Cloud
from dev.service import API_ID, API_KEY, STAGE
from tests.support.conformance import OPENAPI
from tests.support.problems import (
    PAGES,
    ProblemPage,
    find_kinds_of_functions,
    find_kinds_of_the_gateway,
)
from tests.support.responses import problem_of
from tests.support.web import call, proxy

NAMES = sorted(path.stem for path in PAGES.glob("*.html"))
# Why a page has no command that gets its problem.
NOT_SHOWN = {
    "forbidden": "As it comes, the service has no authorizer and no firewall.",
    "gateway-timeout": "Needs a function that does not respond.",
    "internal-server-error": "Would be a bug; tests/cloud/test_reports.py breaks functions.",
    "quota-exceeded": "Would use up the reader's key; the test below uses up another.",
    "service-unavailable": "Needs a dependency that fails; test_items_idempotency.py has one.",
    "too-many-requests": "Would slow down others; tests/cloud/test_production.py sends too many.",
    "unauthorized": "As it comes, the service has no authorizer.",
}
OPERATIONS = [
    (method, path, operation)
    for path, operations in OPENAPI["paths"].items()
    for method, operation in operations.items()
    if operation["responses"].keys() & {"400", "404", "422"}
]


def get_page(api_url: str, name: str) -> ProblemPage:
    """Return the page of a type."""
    return ProblemPage(call(f"{api_url}/problems/{name}", "GET").text)


def test_every_type_has_a_page_and_every_page_is_of_a_type(template: Any) -> None:
    kinds = find_kinds_of_functions() | find_kinds_of_the_gateway(template)
    assert {"not-found", "key-reused", "clap-limit-exceeded"} <= {kind.name for kind in kinds}
    assert sorted(kind.name for kind in kinds) == NAMES  # Of one name, status and title are one.


def test_a_page_has_the_title_the_status_and_the_name_of_its_type(
    api_url: str, template: Any
) -> None:
    for kind in find_kinds_of_functions() | find_kinds_of_the_gateway(template):
        page = get_page(api_url, kind.name)
        assert page.title == page.heading == kind.title
        assert page.kind == f"Status {kind.status}, type {kind.name}."


@pytest.mark.parametrize("name", [name for name in NAMES if name not in NOT_SHOWN])
def test_the_command_of_a_page_gets_the_response_that_it_shows(
    cloud: Cloud, api_url: str, name: str
) -> None:
    page = get_page(api_url, name)
    done = subprocess.run(
        ["bash", "-euc", page.command],
        env={**cloud.environment(), "API": api_url, "API_KEY": API_KEY},
        capture_output=True,
        text=True,
        check=True,
    )
    shown, got = json.loads(page.response), json.loads(done.stdout)
    assert shown["type"].endswith(f"/problems/{name}")
    assert shown["instance"] == "…"
    assert list((got | {"instance": "…"}).items()) == list(shown.items())


@pytest.mark.parametrize("name", NOT_SHOWN)
def test_a_page_without_a_command_says_why(api_url: str, name: str) -> None:
    html = call(f"{api_url}/problems/{name}", "GET").text
    assert "No command shows it here: " in html
    assert not ProblemPage(html).command


@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS)
def test_the_type_of_a_function_s_problem_is_the_url_of_its_page(
    api_url: str, method: str, path: str, operation: Any
) -> None:
    wrong: dict[str, Any] = {"json": {}} if "requestBody" in operation else {}
    headers = {"x-api-key": API_KEY, "if-match": "no entity tag"}
    url = api_url + re.sub(r"\{\w+\}", "nonesuch", path) + "?nonesuch=1"
    check_type(call(url, method.upper(), headers=headers, **wrong))


@pytest.mark.parametrize(("method", "path"), [("GET", "/nonesuch"), ("POST", "/orders")])
def test_the_type_of_a_problem_of_api_gateway_is_the_url_of_its_page(
    api_url: str, method: str, path: str
) -> None:
    check_type(call(api_url + path, method, json={}))


def check_type(refused: requests.Response) -> None:
    """Assert that the type of a response's problem leads to the page with its title."""
    problem = refused.json()
    members = ["errors"] * ("errors" in problem)
    kind = problem_of(proxy(refused), refused.status_code, *members)["type"]
    page = call(urljoin(refused.url, kind), "GET")
    assert page.status_code == 200
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert f"<title>{problem['title']}</title>" in page.text


@pytest.fixture
def key_for_one_request(cloud: Cloud, api_url: str) -> Iterator[str]:
    """Make an API key with a quota of one request, and delete it at the end."""
    assert api_url
    client = aws_client(cloud, "apigateway")
    key = client.create_api_key(name="once", enabled=True)
    quota = {"limit": 1, "period": "MONTH"}
    stage = {"apiId": API_ID, "stage": STAGE}
    plan = client.create_usage_plan(name="once", apiStages=[stage], quota=quota)["id"]
    client.create_usage_plan_key(usagePlanId=plan, keyId=key["id"], keyType="API_KEY")
    yield key["value"]
    client.delete_usage_plan_key(usagePlanId=plan, keyId=key["id"])
    client.delete_usage_plan(usagePlanId=plan)
    client.delete_api_key(apiKey=key["id"])


def test_a_used_up_quota_has_a_type_of_its_own(api_url: str, key_for_one_request: str) -> None:
    """A client must not retry it, as it may after too many requests."""
    headers = {"x-api-key": key_for_one_request}
    first, second = (call(f"{api_url}/orders/1", "GET", headers=headers) for _ in range(2))
    assert first.status_code == 404
    assert problem_of(proxy(second), 429)["type"].endswith("/problems/quota-exceeded")


@pytest.mark.parametrize(
    "name",
    [
        *("nonesuch", "not-found.html", "NOT-FOUND", "not-found%0a", "--", "not--found", "..."),
        *(
            "..%2fproblem-page",
            "..%2fpage",
            "..%2f..%2fhandler.py",
            "%2fetc%2fpasswd",
            "not-found%00",
            "%c3%9f",
        ),
        *("<script>alert(1)</script>", "%3Cscript%3E", "{text}", "a" * 41, "a" * 5000),
    ],
)
def test_any_other_name_is_404_and_is_not_in_the_response(api_url: str, name: str) -> None:
    response = proxy(call(f"{api_url}/problems/{name}", "GET"))
    told = [*problem_of(response, 404).values(), *response["headers"].values()]
    assert [value for value in told if unquote(name) in str(value)] == []


@pytest.mark.parametrize("path", ["/problems", "/problems/", "/problems/not-found/x"])
def test_other_paths_below_problems_are_404(api_url: str, path: str) -> None:
    problem_of(proxy(call(api_url + path, "GET")), 404)


def test_a_page_is_cached_and_compressed(api_url: str) -> None:
    url = f"{api_url}/problems/not-found"
    plain, compressed = (
        call(url, "GET", headers={"accept-encoding": coding}) for coding in ("", "gzip")
    )
    assert compressed.headers["content-encoding"] == "gzip"
    assert compressed.text == plain.text
    assert re.fullmatch(r'"[0-9a-f]{32}"', plain.headers["etag"])
    assert plain.headers["etag"] != compressed.headers["etag"]
    for response in (plain, compressed):
        assert response.headers["vary"] == "accept-encoding"
        assert response.headers["cache-control"] == "public, max-age=3600"
        assert response.headers["x-content-type-options"] == "nosniff"
    unchanged = call(url, "GET", headers={"If-None-Match": compressed.headers["etag"]})
    assert (unchanged.status_code, unchanged.content) == (304, b"")


def test_a_page_is_the_same_whatever_host_is_called(api_url: str) -> None:
    url = f"{api_url}/problems/not-found"
    evil = {"x-forwarded-host": "evil.example", "forwarded": "host=evil.example"}
    assert call(url, "GET", headers=evil).text == call(url, "GET").text
    assert "http" not in call(url, "GET").text
