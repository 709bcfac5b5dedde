"""What other sites, caches and hostile callers cannot do, over HTTP."""

from typing import Any

import pytest
import requests

from dev.service import API_KEY
from tests.support.items import create_item
from tests.support.responses import problem_of
from tests.support.web import call, proxy

KEY = {"x-api-key": API_KEY}
ITEM = {"name": "Bell", "price": "1.50"}
ORDER = {"user_id": "ada", "order_items": [{"item_id": "x", "quantity": 1}]}
CLAPS = {"slug": "abuse", "claps": 1}
# What caches do not look at, and some frameworks believe.
UNKEYED = {
    "forwarded": "host=evil.example;proto=gopher",
    "x-forwarded-host": "evil.example",
    "x-forwarded-port": "1",
    "x-forwarded-prefix": "/evil.example",
    "x-forwarded-proto": "gopher",
    "x-forwarded-server": "evil.example",
    "x-host": "evil.example",
    "x-http-method-override": "DELETE",
    "x-original-url": "/evil.example",
    "x-rewrite-url": "/evil.example",
}
OWN = {"date", "x-amzn-requestid", "x-amz-request-id", "x-amzn-trace-id"}  # Of each request.
# Responses of a function, of API Gateway, with an error and without one.
PATHS = [
    *("/", "/docs", "/openapi.json", "/assets/style.css", "/assets/x"),
    *("/problems/not-found", "/problems/x"),
    *("/hello", "/items", "/items/x", "/orders/x", "/nowhere"),
]


def headers_of(response: requests.Response) -> dict[str, str]:
    """Return the headers that could be the same for each request."""
    found = {name.lower(): value for name, value in response.headers.items()}
    return {name: value for name, value in found.items() if name not in OWN}


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("origin", ["null", "https://evil.example", "file://", ""])
def test_no_origin_is_repeated_and_none_may_send_credentials(
    api_url: str, origin: str, path: str
) -> None:
    asks = {"origin": origin, "access-control-request-method": "GET"}
    for method in ("GET", "HEAD", "OPTIONS"):
        headers = headers_of(call(api_url + path, method, headers=asks))
        assert headers["access-control-allow-origin"] == "*"
        assert "access-control-allow-credentials" not in headers


@pytest.mark.parametrize("path", PATHS)
def test_a_header_that_caches_ignore_changes_no_response(api_url: str, path: str) -> None:
    plain, poisoned = (call(api_url + path, "GET", headers=each) for each in ({}, UNKEYED))
    assert poisoned.status_code == plain.status_code
    assert headers_of(poisoned) == headers_of(plain)
    assert "evil.example" not in poisoned.text


def test_the_location_of_what_is_created_names_no_host(api_url: str) -> None:
    created = call(f"{api_url}/items", json=ITEM, headers={**KEY, **UNKEYED})
    assert created.headers["location"] == f"items/{created.json()['id']}"


@pytest.mark.parametrize(
    "path", ["/hello?first_name=", "/items?cursor=", "/claps?slug=", "/items/"]
)
def test_a_line_break_in_a_url_makes_no_header(api_url: str, path: str) -> None:
    response = call(f"{api_url}{path}a%0d%0aset-cookie:%20a=b", "GET")
    assert response.status_code < 500
    assert "set-cookie" not in headers_of(response)


def test_a_greeting_is_no_page(api_url: str) -> None:
    response = call(f"{api_url}/hello", "GET", params={"first_name": "<script>alert(1)</script>"})
    assert response.headers["content-type"] == "text/plain; charset=utf-8"
    assert response.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("path", "body", "extra"),
    [
        *[("/items", ITEM, each) for each in ("id", "version", "pk", "sk", "__proto__")],
        *[("/orders", ORDER, each) for each in ("order_id", "order_status", "order_total", "PK")],
        *[("/orders", ORDER, each) for each in ("cart_product_status", "order_date", "price")],
        *[("/claps", CLAPS, each) for each in ("viewerClapCount", "viewer", "limit", "pk")],
    ],
)
def test_a_field_that_callers_do_not_own_is_refused(
    api_url: str, path: str, body: dict[str, Any], extra: str
) -> None:
    response = call(api_url + path, json={**body, extra: "1"}, headers=KEY)
    problem = problem_of(proxy(response), 422)
    assert f"/{extra}" in [each["pointer"] for each in problem["errors"]]


@pytest.mark.parametrize("extra", ["price", "name"])
def test_a_caller_cannot_set_the_price_of_an_order(api_url: str, extra: str) -> None:
    line = {"item_id": create_item(api_url)["id"], "quantity": 1, extra: "0"}
    body = {"user_id": "ada", "order_items": [line]}
    problem = problem_of(proxy(call(f"{api_url}/orders", json=body, headers=KEY)), 422)
    assert problem["errors"][0]["pointer"] == f"/order_items/0/{extra}"
