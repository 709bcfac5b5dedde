"""The contract of `POST /claps` and `GET /claps`, over HTTP."""

import itertools
import json
import socket
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from random import Random
from typing import Any
from urllib.parse import urlsplit

import pytest

from dev.clients import aws_client
from dev.cloud import Cloud
from dev.functions import function_name
from tests.support.events import rest_event
from tests.support.responses import payload_of, problem_of
from tests.support.web import call, preflight, proxy

RNG = Random(__name__)


@pytest.fixture
def url(api_url: str) -> str:
    """Return the URL of the claps."""
    return f"{api_url}/claps"


@pytest.fixture
def slug() -> str:
    """Return the slug of a post that nobody has seen yet."""
    return f"post-{RNG.getrandbits(64):x}"


def applaud(
    url: str, body: Any, *, viewer: str = "127.0.2.1", key: str | None = None
) -> dict[str, Any]:
    """Return the proxy response to a POST by a viewer."""
    data = body if isinstance(body, str | bytes) else json.dumps(body)
    headers = {"Content-Type": "application/json"} | ({"Idempotency-Key": key} if key else {})
    return proxy(call(url, data=data, headers=headers, source=viewer))


def get(url: str, slug: str, *, viewer: str = "127.0.2.1") -> Any:
    """Return the payload of a GET by a viewer."""
    return payload_of(proxy(call(url, "GET", params={"slug": slug}, source=viewer)))


def counts(slug: str, claps: int, viewer: int) -> dict[str, Any]:
    """Return the payload with these counts."""
    return {"slug": slug, "claps": claps, "viewerClapCount": viewer, "limit": 20}


def test_an_unknown_post_has_no_claps(url: str, slug: str) -> None:
    assert get(url, slug) == counts(slug, 0, 0)


def test_claps_are_counted_for_the_post_and_for_the_viewer(url: str, slug: str) -> None:
    payload = payload_of(applaud(url, {"slug": slug, "claps": 3}))
    assert list(payload) == ["slug", "claps", "viewerClapCount", "limit"]
    assert payload == counts(slug, 3, 3)
    assert payload_of(applaud(url, {"slug": slug, "claps": 5})) == counts(slug, 8, 8)
    other = applaud(url, {"slug": slug, "claps": 1}, viewer="127.0.2.2")
    assert payload_of(other) == counts(slug, 9, 1)
    assert get(url, slug) == counts(slug, 9, 8)
    assert get(url, slug, viewer="127.0.2.2") == counts(slug, 9, 1)
    assert get(url, slug, viewer="127.0.2.3") == counts(slug, 9, 0)


@pytest.mark.parametrize("name", ["a", "a b/c?d&e=f#g%", "ß" * 512, "😀" * 500, "0\u0000", " "])
def test_a_slug_is_any_text(url: str, slug: str, name: str) -> None:
    name = (slug + name)[:512]
    assert payload_of(applaud(url, {"slug": name, "claps": 1})) == counts(name, 1, 1)
    assert get(url, name) == counts(name, 1, 1)


def test_claps_that_would_pass_the_cap_are_refused_whole(url: str, slug: str) -> None:
    payload_of(applaud(url, {"slug": slug, "claps": 15}))
    problem = problem_of(applaud(url, {"slug": slug, "claps": 6}), 409, "viewerClapCount", "limit")
    assert (problem["viewerClapCount"], problem["limit"]) == (15, 20)
    assert get(url, slug) == counts(slug, 15, 15)
    assert payload_of(applaud(url, {"slug": slug, "claps": 5})) == counts(slug, 20, 20)
    problem = problem_of(applaud(url, {"slug": slug, "claps": 1}), 409, "viewerClapCount", "limit")
    assert problem["viewerClapCount"] == 20


def test_the_cap_is_per_viewer_and_post(url: str, slug: str) -> None:
    payload_of(applaud(url, {"slug": slug, "claps": 20}))
    payload_of(applaud(url, {"slug": slug + "2", "claps": 20}))
    payload_of(applaud(url, {"slug": slug, "claps": 20}, viewer="127.0.2.2"))
    assert get(url, slug) == counts(slug, 40, 20)


@pytest.mark.parametrize(
    "name", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "CloudFront-Viewer-Address"]
)
def test_no_header_makes_another_viewer(url: str, slug: str, name: str) -> None:
    headers = {name: "198.51.100.7"}
    for _ in range(2):
        assert call(url, json={"slug": slug, "claps": 10}, headers=headers).ok
    refused = call(url, json={"slug": slug, "claps": 1}, headers={name: "198.51.100.8"})
    problem_of(proxy(refused), 409, "viewerClapCount", "limit")
    assert get(url, slug, viewer="127.0.0.1") == counts(slug, 20, 20)


def test_the_addresses_of_an_ipv6_subscriber_are_one_viewer(cloud: Cloud, slug: str) -> None:
    client = aws_client(cloud, "lambda")

    def clap(source_ip: str) -> Any:
        event = rest_event(body=json.dumps({"slug": slug, "claps": 12}))
        event["requestContext"]["identity"]["sourceIp"] = source_ip
        done = client.invoke(FunctionName=function_name("applaud"), Payload=json.dumps(event))
        return json.load(done["Payload"])["statusCode"]

    addresses = ["2001:db8:0:1::7", "2001:DB8::1:ffff:0:0:8", "2001:db8:0:2::7", "::ffff:192.0.2.1"]
    assert [clap(each) for each in [*addresses, "192.0.2.1"]] == [200, 409, 200, 200, 409]


def test_an_idempotent_replay_changes_nothing_and_gets_the_first_response(
    url: str, slug: str
) -> None:
    body = {"slug": slug, "claps": 3}
    first = payload_of(applaud(url, body, key=f"key of {slug}"))
    payload_of(applaud(url, {"slug": slug, "claps": 4}, key=f"other key of {slug}"))
    assert payload_of(applaud(url, body, key=f"key of {slug}")) == first == counts(slug, 3, 3)
    reordered = f'{{ "claps": 3, "slug": "{slug}" }}'
    assert payload_of(applaud(url, reordered, key=f"key of {slug}")) == first
    assert get(url, slug) == counts(slug, 7, 7)


def test_a_request_from_another_address_with_the_same_key_is_a_replay(url: str, slug: str) -> None:
    body = {"slug": slug, "claps": 3}
    first = payload_of(applaud(url, body, key=slug))
    assert payload_of(applaud(url, body, key=slug, viewer="127.51.100.1")) == first
    assert get(url, slug) == counts(slug, 3, 3)


def test_a_replay_at_the_cap_is_not_a_conflict(url: str, slug: str) -> None:
    body = {"slug": slug, "claps": 20}
    first = payload_of(applaud(url, body, key=slug))
    assert payload_of(applaud(url, body, key=slug)) == first


@pytest.mark.parametrize("change", [{"claps": 4}, {"slug": "another-post"}])
def test_a_used_key_with_another_body_is_refused(url: str, slug: str, change: Any) -> None:
    body = {"slug": slug, "claps": 3}
    payload_of(applaud(url, body, key=slug))
    problem = problem_of(applaud(url, body | change, key=slug), 422)
    assert problem["errors"] == [{"header": "idempotency-key", "detail": "Used with another body"}]
    assert get(url, slug) == counts(slug, 3, 3)


def test_a_refused_request_does_not_use_up_its_key(url: str, slug: str) -> None:
    payload_of(applaud(url, {"slug": slug, "claps": 18}))
    for _ in range(2):
        assert applaud(url, {"slug": slug, "claps": 3}, key=slug)["statusCode"] == 409
    assert payload_of(applaud(url, {"slug": slug, "claps": 2}, key=slug)) == counts(slug, 20, 20)


@pytest.mark.parametrize("key", ["1", "x" * 64])
def test_a_key_has_1_to_64_characters(url: str, slug: str, key: str) -> None:
    for _ in range(2):
        response = applaud(url, {"slug": slug, "claps": 1}, key=key)
        assert payload_of(response) == counts(slug, 1, 1)


def test_a_longer_key_is_a_bad_request(url: str, slug: str) -> None:
    response = applaud(url, {"slug": slug, "claps": 1}, key="x" * 65)
    (error,) = problem_of(response, 400, "errors")["errors"]
    assert error["header"] == "idempotency-key"


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({"claps": 1}, ["/slug"]),
        ({"slug": "a"}, ["/claps"]),
        ({}, ["/slug", "/claps"]),
        ([], [""]),
        ({"slug": "", "claps": 1}, ["/slug"]),
        ({"slug": "a" * 513, "claps": 1}, ["/slug"]),
        ({"slug": 1, "claps": 1}, ["/slug"]),
        ({"slug": "a", "claps": 0}, ["/claps"]),
        ({"slug": "a", "claps": 21}, ["/claps"]),
        ({"slug": "a", "claps": -1}, ["/claps"]),
        ({"slug": "a", "claps": "1"}, ["/claps"]),
        ({"slug": "a", "claps": 1.0}, ["/claps"]),
        ({"slug": "a", "claps": True}, ["/claps"]),
        ({"slug": "a", "claps": 10**30}, ["/claps"]),
        ({"slug": "a", "claps": None}, ["/claps"]),
        ({"slug": "a", "claps": 1, "viewer": "me"}, ["/viewer"]),
        ('{"slug": "a", "claps": 1, "claps": 2}', ["/claps"]),
    ],
)
def test_a_body_that_does_not_match_the_schema_is_refused(
    url: str, body: Any, pointers: list[str]
) -> None:
    problem = problem_of(applaud(url, body), 422)
    assert [error["pointer"] for error in problem["errors"]] == pointers


@pytest.mark.parametrize("body", ["", "claps", b'{"slug": "\xff", "claps": 1}', "{"])
def test_a_body_that_is_not_json_is_a_bad_request(url: str, body: Any) -> None:
    problem_of(applaud(url, body), 400)


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("", "slug"),
        ("?slug=", "slug"),
        ("?Slug=a", "slug"),
        ("?slug=" + "a" * 513, "slug"),
        ("?slug=a&limit=1", "limit"),
        ("?slug=a&slug=b", "slug"),
    ],
)
def test_a_bad_query_is_a_bad_request(url: str, query: str, parameter: str) -> None:
    problem = problem_of(proxy(call(url + query, "GET")), 400, "errors")
    assert parameter in [error["parameter"] for error in problem["errors"]]


@pytest.mark.parametrize(
    ("method", "headers"), [("POST", "content-type,idempotency-key"), ("GET", "content-type")]
)
def test_a_page_of_another_origin_may_call(url: str, method: str, headers: str) -> None:
    response = preflight(url, method, headers)
    assert response.ok
    assert response.headers["access-control-allow-origin"] == "*"
    assert method in response.headers["access-control-allow-methods"].split(",")
    allowed = response.headers["access-control-allow-headers"].lower().replace(" ", "").split(",")
    assert set(headers.split(",")) <= set(allowed)


def test_nobody_may_store_a_response_that_is_for_one_viewer(url: str, slug: str) -> None:
    for response in (applaud(url, {"slug": slug, "claps": 1}), proxy(call(f"{url}?slug=a", "GET"))):
        assert response["statusCode"] == 200
        assert response["headers"]["cache-control"] == "no-store"


def test_errors_have_cors_headers(url: str, slug: str) -> None:
    payload_of(applaud(url, {"slug": slug, "claps": 20}))
    for response in (
        applaud(url, {"slug": slug, "claps": 20}),
        applaud(url, {}),
        applaud(url, ""),
        proxy(call(url, "GET")),
        proxy(call(url, "DELETE")),
    ):
        assert response["statusCode"] >= 400
        assert response["headers"]["access-control-allow-origin"] == "*"


def cut(url: str, body: Any, *, viewer: str, key: str) -> None:
    """Send a POST, and hang up before the response."""
    parts = urlsplit(url)
    data = json.dumps(body).encode()
    head = [
        f"POST {parts.path} HTTP/1.1",
        f"Host: {parts.netloc}",
        f"Idempotency-Key: {key}",
        "Content-Type: application/json",
        f"Content-Length: {len(data)}",
    ]
    target = (str(parts.hostname), int(parts.port or 0))
    with socket.create_connection(target, source_address=(viewer, 0)) as connection:
        connection.sendall("\r\n".join(head).encode() + b"\r\n\r\n" + data)


def test_two_hundred_viewers_at_once_are_counted_exactly(url: str, slug: str) -> None:
    """Each claps 20 times in batches; a third is sent twice, and some are cut off before that."""
    viewers = [f"127.1.{number // 250}.{number % 250 + 1}" for number in range(200)]
    batches = [
        (viewer, claps, f"{slug}-{viewer}-{number}")
        for viewer in viewers
        for number, claps in enumerate(RNG.choice([[20], [10, 10], [7, 7, 6], [1, 4, 5, 10]]))
    ]
    RNG.shuffle(batches)
    fates = itertools.cycle(["once", "twice", "cut"])  # What is cut off is sent again.

    def clap(batch: tuple[str, int, str], fate: str) -> list[Any]:
        viewer, claps, key = batch
        body = {"slug": slug, "claps": claps}
        if fate == "cut":
            cut(url, body, viewer=viewer, key=key)
        times = 2 if fate == "twice" else 1
        with ThreadPoolExecutor(times) as senders:
            sent = [
                senders.submit(applaud, url, body, viewer=viewer, key=key) for _ in range(times)
            ]
        return [payload_of(each.result()) for each in sent]

    with ThreadPoolExecutor(12) as callers:
        responses = list(callers.map(clap, batches, fates))

    assert all(first == again for first, *rest in responses for again in rest)
    assert get(url, slug)["claps"] == 4000
    with ThreadPoolExecutor(12) as callers:
        own = callers.map(lambda viewer: get(url, slug, viewer=viewer)["viewerClapCount"], viewers)
        assert Counter(own) == {20: 200}
        more = callers.map(
            lambda viewer: applaud(url, {"slug": slug, "claps": 1}, viewer=viewer), viewers[:40]
        )
        assert Counter(response["statusCode"] for response in more) == {409: 40}
    assert get(url, slug)["claps"] == 4000
