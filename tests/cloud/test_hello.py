"""The contract of `GET /hello`, over HTTP."""

import json

import pytest

from dev.service_copy import ServiceCopy
from tests.support.responses import problem_of
from tests.support.web import call, proxy


@pytest.mark.parametrize(
    ("query", "greeting"),
    [
        ("", "Hello, world!"),
        ("?first_name=", "Hello, world!"),
        ("?first_name=Ada", "Hello, Ada!"),
        ("?first_name=Zo%C3%AB%20%F0%9F%98%80", "Hello, Zoë 😀!"),
        ("?first_name=%3Cb%3E%26", "Hello, <b>&!"),
        ("?first_name=" + "a" * 256, f"Hello, {'a' * 256}!"),
    ],
)
def test_it_greets_in_plain_text(api_url: str, query: str, greeting: str) -> None:
    response = call(f"{api_url}/hello{query}", "GET")
    assert response.status_code == 200
    assert response.headers["content-type"] == "text/plain; charset=utf-8"
    assert response.headers["access-control-allow-origin"] == "*"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.content.decode() == greeting


def test_head_has_the_headers_of_get_without_a_body(api_url: str) -> None:
    response = call(f"{api_url}/hello", "HEAD")
    assert response.status_code == 200
    assert response.headers["content-length"] == str(len("Hello, world!"))
    assert response.content == b""


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("?first_name=" + "a" * 257, "first_name"),
        ("?first_name=Ada&first_name=Bob", "first_name"),
        ("?firstName=Ada", "firstName"),
    ],
)
def test_a_bad_query_is_a_bad_request(api_url: str, query: str, parameter: str) -> None:
    problem = problem_of(proxy(call(f"{api_url}/hello{query}", "GET")), 400, "errors")
    assert [error["parameter"] for error in problem["errors"]] == [parameter]


def test_it_can_be_invoked_without_a_cloud(service: ServiceCopy) -> None:
    event = json.dumps({"queryStringParameters": {"first_name": "Ada"}})
    response = json.loads(service.invoke_local("--function", "hello", "--data", event))
    assert (response["statusCode"], response["body"]) == (200, "Hello, Ada!")
