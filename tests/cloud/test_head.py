"""HEAD, over HTTP: the response of GET, without its body."""

import http.client
from typing import Any
from urllib.parse import urlsplit

import pytest

from dev.clients import aws_client
from dev.cloud import HOST, Cloud
from dev.service import API_ID, API_KEY
from dev.service_copy import ServiceCopy
from tests.support.items import create_item
from tests.support.web import call, preflight

OWN = {"date", "x-amzn-requestid", "x-amz-request-id", "x-amzn-trace-id"}  # Of each request.


@pytest.fixture(scope="module")
def routes(cloud: Cloud, api_url: str) -> dict[str, dict[str, Any]]:
    """Return the methods of each path of the deployed API."""
    assert api_url
    resources = aws_client(cloud, "apigateway").get_resources(
        restApiId=API_ID, embed=["methods"], limit=500
    )["items"]
    return {each["path"]: each.get("resourceMethods", {}) for each in resources}


def test_every_get_route_has_a_head_route_with_the_same_settings(
    routes: dict[str, dict[str, Any]],
) -> None:
    readable = {path: methods for path, methods in routes.items() if "GET" in methods}
    assert readable
    for path, methods in readable.items():
        for setting in ("apiKeyRequired", "authorizationType"):
            assert methods["HEAD"][setting] == methods["GET"][setting], path
        integrations = [methods[each]["methodIntegration"]["uri"] for each in ("GET", "HEAD")]
        assert integrations[0] == integrations[1], path


@pytest.fixture(scope="module")
def paths(api_url: str) -> dict[str, str]:
    """Return a path for each kind of response, by what it is."""
    item = create_item(api_url)["id"]
    body = {"user_id": "ada", "order_items": [{"item_id": item, "quantity": 1}]}
    placed = call(f"{api_url}/orders", json=body, headers={"x-api-key": API_KEY}).json()
    return {
        "page": "/",
        "widget": "/clap-button.js",
        "greeting": "/hello?first_name=Ada",
        "item": f"/items/{item}",
        "order": f"/orders/{placed['order_id']}",
        "claps": "/claps?slug=head",
        "unknown item": "/items/x",
        "unknown route": "/unlucky",
        "invalid query": "/hello?x=y",
    }


def head(url: str, headers: dict[str, str]) -> http.client.HTTPResponse:
    """Return the response to HEAD, and check that nothing follows its headers."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(HOST, parts.port, timeout=30)
    target = f"{parts.path}?{parts.query}" if parts.query else parts.path
    connection.request("HEAD", target, headers={**headers, "connection": "close"})
    assert connection.sock
    raw = connection.sock.makefile("rb")
    response = connection.getresponse()
    assert raw.read() == b""
    return response


@pytest.mark.parametrize(
    "kind",
    [
        *("page", "widget", "greeting", "item", "order", "claps"),
        *("unknown item", "unknown route", "invalid query"),
    ],
)
@pytest.mark.parametrize("headers", [{}, {"if-none-match": "*"}, {"if-match": '"0"'}], ids=str)
def test_head_has_the_status_and_the_headers_of_get(
    api_url: str, paths: dict[str, str], kind: str, headers: dict[str, str]
) -> None:
    url, headers = api_url + paths[kind], {"x-api-key": API_KEY, **headers}
    expected = call(url, "GET", headers={**headers, "accept-encoding": "identity"})
    response = head(url, headers)
    assert response.status == expected.status_code
    found = {name.lower(): value for name, value in response.getheaders()}
    wanted = {name.lower(): value for name, value in expected.headers.items()}
    for own in (*OWN, "connection"):
        found.pop(own, None)
        wanted.pop(own, None)
    assert found == wanted
    if expected.status_code == 200:
        assert found["content-length"] == str(len(expected.content))


def test_head_needs_an_api_key_where_get_does(api_url: str, paths: dict[str, str]) -> None:
    assert head(api_url + paths["order"], {}).status == 403


def test_a_page_of_another_origin_may_send_head(api_url: str) -> None:
    allowed = preflight(f"{api_url}/items", "HEAD", "content-type").headers
    assert "HEAD" in allowed["access-control-allow-methods"].split(",")


def test_the_log_names_the_method(service: ServiceCopy, cloud: Cloud, api_url: str) -> None:
    head(f"{api_url}/hello?first_name=Ada", {})
    log = service.run(cloud, "logs", "--function", "hello")
    assert '"route":"HEAD /hello"' in log
