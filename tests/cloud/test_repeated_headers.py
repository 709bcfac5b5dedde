"""Headers that are sent more than once, over HTTP."""

import http.client
import json
from typing import Any
from urllib.parse import urlsplit

from dev.cloud import HOST
from tests.support.items import KEYED, create_item
from tests.support.responses import problem_of

BELL = {"name": "Bell", "price": "1.50"}


def send(url: str, method: str, body: Any, *headers: tuple[str, str]) -> Any:
    """Send each of the headers on a line of its own, and return the proxy response."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(HOST, parts.port, timeout=30)
    data = json.dumps(body).encode()
    connection.putrequest(method, parts.path)
    for name, value in (*headers, ("content-length", str(len(data)))):
        connection.putheader(name, value)
    connection.endheaders(data)
    response = connection.getresponse()
    body, headers_received = response.read().decode(), response.getheaders()
    connection.close()
    return {
        "isBase64Encoded": False,
        "statusCode": response.status,
        "headers": {name.lower(): value for name, value in headers_received},
        "body": body,
    }


def test_the_tags_of_each_if_match_count(api_url: str) -> None:
    url = f"{api_url}/items/{create_item(api_url)['id']}"
    other = [*KEYED.items(), ("If-Match", '"7", "8"'), ("If-Match", '"9"')]
    problem_of(send(url, "PUT", BELL, *other), 412)
    assert send(url, "PUT", BELL, ("If-Match", '"1"'), *other)["statusCode"] == 200


def test_two_idempotency_keys_are_a_bad_request(api_url: str) -> None:
    url, body = f"{api_url}/claps", {"slug": "repeated", "claps": 1}
    keys = [("Idempotency-Key", "a"), ("Idempotency-Key", "b")]
    problem = problem_of(send(url, "POST", body, *keys), 400, "errors")
    assert problem["errors"] == [{"header": "idempotency-key", "detail": "Given more than once"}]
    assert send(url, "POST", body, keys[0], keys[0])["statusCode"] == 200


def test_each_content_type_must_be_able_to_be_json(api_url: str) -> None:
    url, body = f"{api_url}/lucky_numbers", {"name": "Ada", "count": 2}
    types = [("Content-Type", "text/html"), ("Content-Type", "application/json")]
    problem_of(send(url, "POST", body, *types), 415)
    assert send(url, "POST", body, types[1], types[1])["statusCode"] == 200
