"""Requests that no client would send, on sockets: each gets a response that reveals nothing.

To try another one, add a line to a table: its name, the request and the expected status.
"""

import json
import socket
from contextlib import ExitStack, suppress

import pytest

from tests.support.items import list_items
from tests.support.raw_http import KEY, MARK, at, check_refusal, connect, read_answer, request, send
from tests.support.web import call

LIMIT = 64 * 1024
ITEM = "/items/01a1fac9-840f-7689-96e1-b783bdec023a"
VALID = b'{"name": "Ada", "count": 2}'
JSON = "Content-Type: application/json"
REST = b"Host: 127.0.0.1\r\nConnection: close\r\n\r\n"


def draw(body: bytes, *headers: str | bytes) -> bytes:
    """Return a request for lucky numbers."""
    return request("POST", "/lucky_numbers", JSON, *headers, body=body)


def with_extra(value: bytes) -> bytes:
    """Return a body with a member that is ignored."""
    return b'{"name": "Ada", "count": 2, "extra": %b}' % value


def of_size(size: int) -> bytes:
    """Return a valid body of so many bytes."""
    return with_extra(b'"%b"' % (b"a" * (size - len(with_extra(b'""')))))


def create(body: bytes, *headers: str | bytes) -> bytes:
    """Return a request that creates an item."""
    return request("POST", "/items", JSON, KEY, *headers, body=body)


def get(path: str, *headers: str | bytes) -> bytes:
    """Return a GET request."""
    return request("GET", path, *headers)


def replace(if_match: str) -> bytes:
    """Return a request that replaces an item that does not exist."""
    body = b'{"name": "Bell", "price": "1"}'
    return request("PUT", ITEM, KEY, f"If-Match: {if_match}", body=body)


BODIES = [
    ("64 KiB - 1", draw(of_size(LIMIT - 1)), 200),
    ("64 KiB", draw(of_size(LIMIT)), 200),
    ("64 KiB + 1", draw(of_size(LIMIT + 1)), 413),
    ("1 MB", draw(of_size(1_000_000)), 413),
    ("10 MiB + 1", draw(of_size(10 * 1024 * 1024 + 1)), 413),
    ("none", draw(b""), 400),
    ("in chunks", draw(b"1b\r\n%b\r\n0\r\n\r\n" % VALID, "Transfer-Encoding: chunked"), 200),
    ("100 000 brackets", draw(b"[" * 100_000), 413),
    ("brackets up to the limit", draw(b"[" * LIMIT), 400),
    ("nested arrays in an ignored member", draw(with_extra(b"[" * 30_000 + b"]" * 30_000)), 400),
    ("nested objects", draw(b'{"a":' * 10_000), 400),
    ("10 000 digits", draw(b'{"name": "Ada", "count": %b}' % (b"9" * 10_000)), 400),
    ("4000 digits", draw(b'{"name": "Ada", "count": %b}' % (b"9" * 4000)), 422),
    ("10 000 decimals", draw(b'{"name": "Ada", "count": 0.%b}' % (b"9" * 10_000)), 422),
    ("10 000 digits as a price", create(b'{"name": "A", "price": "%b"}' % (b"9" * 10_000)), 422),
    ("1e999 as a price", create(b'{"name": "A", "price": "1e999"}'), 422),
    ("1e999", draw(b'{"name": "Ada", "count": 1e999}'), 422),
    ("1e999 in an ignored member", draw(with_extra(b"1e999")), 200),
    ("-0", draw(b'{"name": "Ada", "count": -0}'), 422),
    ("NaN", draw(with_extra(b"NaN")), 400),
    ("no UTF-8", draw(b'{"name": "\xff", "count": 2}'), 400),
    (
        "no UTF-8, no type",
        request("POST", "/lucky_numbers", body=b'{"name": "\xff", "count": 2}'),
        400,
    ),
    ("overlong UTF-8", draw(b'{"name": "\xc0\xaf", "count": 2}'), 400),
    ("a surrogate as UTF-8", draw(b'{"name": "\xed\xa0\x80", "count": 2}'), 400),
    ("UTF-16", draw(VALID.decode().encode("utf-16")), 400),
    ("a byte order mark", draw(b"\xef\xbb\xbf" + VALID), 400),
    ("NUL after it", draw(VALID + b"\0"), 400),
    ("NUL in a string", draw(b'{"name": "\0", "count": 2}'), 400),
    ("the escape of NUL", draw(rb'{"name": "\u0000", "count": 2}'), 200),
    ("a lone surrogate", draw(rb'{"name": "\ud800", "count": 2}'), 400),
    ("a lone surrogate as a name", draw(rb'{"\ud800": 1, "name": "Ada", "count": 2}'), 400),
    ("a repeated member", draw(b'{"name": "Ada", "count": 2, "count": 3}'), 422),
    ("a repeated member, escaped", draw(rb'{"name": "a", "count": 2, "\u0063ount": 3}'), 422),
    ("two values", draw(VALID + VALID), 400),
    ("a comment", draw(VALID + b"// and more"), 400),
    ("a name's prototype", draw(b'{"__proto__": {"name": "Ada", "count": 2}}'), 422),
    ("an item's prototype", create(b'{"__proto__": {"price": "1"}, "name": "Bell"}'), 422),
    ("what is no name", create(b'{"name": ["hunter2"], "price": {"hunter2": 1}}'), 422),
    ("what is no price", create(b'{"name": "Bell", "price": "hunter2"}'), 422),
    ("the caller's own id", create(b'{"name": "Bell", "price": "1", "id": "hunter2"}'), 422),
    ("gzip", draw(b"\x1f\x8b\x08\0\0\0\0\0", "Content-Encoding: gzip"), 400),
    ("XML", draw(b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'), 400),
    (
        "XML, declared",
        request("POST", "/lucky_numbers", "Content-Type: text/xml", body=b"<a/>"),
        415,
    ),
]
HEADERS = [
    ("two content types", draw(VALID, "Content-Type: text/html"), 415),
    ("a content type over two lines", draw(VALID, "Content-Type: text/\r\n html"), 415),
    (
        "Content-Length twice, the same",
        draw(VALID, "Content-Length: 27", "Content-Length: 27"),
        200,
    ),
    ("another header over two lines", draw(VALID, "X-Any: a\r\n b"), 200),
    ("a header of 50 000 characters", draw(VALID, "X-Any: " + "a" * 50_000), 200),
    ("a thousand headers", draw(VALID, *[f"X-{number}: a" for number in range(1000)]), 200),
    ("no ASCII", draw(VALID, b"X-Any: \xff\xfe"), 200),
    ("another method", request("POST", ITEM, KEY, "X-HTTP-Method-Override: DELETE"), 404),
    ("another path", get("/hello", "X-Original-URL: /items", "X-Rewrite-URL: /items"), 200),
    ("another host", get("/hello", "X-Forwarded-Host: hunter2", "X-Forwarded-Proto: x"), 200),
    ("another range", get("/hello", "Range: bytes=0-0,0-0,0-0"), 200),
    ("an unknown expectation", get("/hello", "Expect: hunter2"), 200),
    ("an API key with another", create(b"{}", "x-api-key: hunter2"), 403),
    ("an API key of no ASCII", request("POST", "/items", b"x-api-key: hunter2\xff"), 403),
    ("a long API key", request("POST", "/items", f"x-api-key: {MARK * 5000}"), 403),
    ("no API key", request("POST", "/items", "x-api-key:"), 403),
    ("credentials of another kind", get("/hello", "Authorization: Basic aHVudGVyMg=="), 200),
    ("a signature of AWS", get("/hello", "Authorization: AWS4-HMAC-SHA256 Credential=///"), 200),
    ("an unfinished tag", replace('"hunter2'), 400),
    ("a tag of control characters", replace('"hunter2\x01"'), 400),
    ("half a weak tag", replace("W/"), 400),
    ("any tag and another", replace('*, "hunter2"'), 400),
    ("a long tag", replace(f'"{MARK * 5000}"'), 404),
    ("5000 tags", replace(", ".join(['"7"'] * 5000)), 404),
    ("a long idempotency key", create(VALID, f"Idempotency-Key: {MARK * 5000}"), 422),
    ("two idempotency keys", create(VALID, "Idempotency-Key: hunter2", "Idempotency-Key: b"), 422),
]
PATHS = [
    ("up", get("/../hello"), 404),
    ("up, from a route", get("/hello/.."), 404),
    ("up, encoded", get("/%2e%2e/hello"), 404),
    ("up, encoded in an id", get("/items/%2e%2e"), 404),
    ("up, with an encoded slash", get("/items/..%2fhello"), 404),
    ("up, with an encoded backslash", get("/items/..%5chello"), 404),
    ("up, encoded twice", get("/items/%252e%252e%252fhello"), 404),
    ("up, as overlong UTF-8", get("/%c0%ae%c0%ae/hello"), 404),
    ("up, with a parameter", get("/..;/hello"), 404),
    ("up, to a file", get("/..%2f..%2fetc/passwd"), 404),
    ("out of the API", get("/../../../../_ministack/health"), 404),
    ("a file of the page", get("/web/assets/page.html"), 404),
    ("a file of git", get("/.git/config"), 404),
    ("NUL", get("/hello%00"), 404),
    ("NUL in an id", get("/items/hunter2%00"), 404),
    ("a line break in an id", get("/items/%0d%0aX-Injected:%20hunter2"), 404),
    ("a line break after an id", get(f"{ITEM}%0a"), 404),
    ("a space after an id", get(f"{ITEM}%20"), 404),
    ("half an escape", get("/items/%"), 404),
    ("no escape", get("/items/%zz"), 404),
    ("no UTF-8", get("/items/%ff"), 404),
    ("a script", get("/items/<script>hunter2</script>"), 404),
    ("a long id", get("/items/" + MARK * 1000), 404),
    ("another case", get("/HELLO"), 404),
    ("an encoded question mark", get("/hello%3ffirst_name=hunter2"), 404),
]
QUERIES = [
    ("repeated", get("/hello?first_name=hunter2&first_name=b"), 400),
    ("repeated 5000 times", get("/hello?" + "first_name=a&" * 5000), 400),
    (
        "5000 unknown parameters",
        get("/hello?" + "&".join(f"a{each}=1" for each in range(5000))),
        400,
    ),
    ("unknown", get("/hello?x=hunter2"), 400),
    ("without a name", get("/hello?=hunter2"), 400),
    ("a plus", get("/hello?first_name=a+b"), 200),
    ("NUL", get("/hello?first_name=%00"), 200),
    ("no UTF-8", get("/hello?first_name=%ff"), 200),
    ("half an escape", get("/hello?first_name=%"), 200),
    ("long", get("/hello?first_name=" + MARK * 5000), 400),
    ("an array", get("/hello?first_name[]=hunter2"), 400),
    ("an operator", get("/claps?slug[$ne]=hunter2"), 400),
    ("a prototype", get("/items?__proto__=hunter2"), 400),
    ("a limit of 5000 digits", get("/items?limit=" + "9" * 5000), 400),
    ("a limit in another script", get("/items?limit=%D9%A3"), 400),
    ("a limit with a sign", get("/items?limit=%2b5"), 400),
    ("a cursor of NULs", get("/items?cursor=%00hunter2"), 400),
    ("a long cursor", get("/items?cursor=" + MARK * 5000), 400),
    ("an empty slug", get("/claps?slug="), 400),
    ("a slug over the limit", get("/claps?slug=" + MARK * 100), 400),
]
# Refused by the HTTP server of the local cloud. On AWS, API Gateway's refuses such requests.
MALFORMED = [
    ("two lengths", draw(VALID, "Content-Length: 5", "Content-Length: 27"), 400),
    ("a negative length", draw(VALID, "Content-Length: -1"), 400),
    ("a length of 5000 digits", draw(VALID, "Content-Length: " + "9" * 5000), 400),
    ("a chunk without a length", draw(b"zz\r\n" + VALID, "Transfer-Encoding: chunked"), 400),
    (
        "chunks and a length",
        draw(b"5\r\n" + VALID, "Transfer-Encoding: chunked", "Content-Length: 5"),
        400,
    ),
    ("gzip as a transfer encoding", draw(VALID, "Transfer-Encoding: gzip"), 501),
    ("NUL in a header", draw(VALID, b"X-Any: a\0b"), 400),
    ("a space in a header's name", draw(VALID, "X Any: a"), 400),
    ("a space after a header's name", draw(VALID, "Content-Type : text/html"), 400),
    ("a header without a colon", draw(VALID, "no colon"), 400),
    ("a space in a path", get("/hello world"), 400),
    ("no ASCII in a path", get("/\xff"), 400),
    ("no ASCII in a query", get("/hello?first_name=\xff"), 400),
    ("no ASCII in a method", request("G\xc3T", "/hello"), 400),
    ("TLS", b"\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03" + bytes(500) + b"\r\n\r\n", 400),
    # What is not below the path of an API is S3's on the local cloud.
    ("a tunnel", b"CONNECT example.com:443 HTTP/1.1\r\n" + REST, 403),
    ("options of the server", b"OPTIONS * HTTP/1.1\r\n" + REST, 403),
    ("a whole URL", b"GET http://127.0.0.1/hello HTTP/1.1\r\n" + REST, 403),
    ("another version", b"GET / HTTP/9.9\r\n" + REST, 403),
]
# The server refuses these with 431. It may close the connection before it has read all.
TOO_LARGE = [
    ("a header of 1 MB", draw(VALID, "X-Any: " + "a" * 1_000_000)),
    ("20 000 headers", draw(VALID, *[f"X-{number}: a" for number in range(20_000)])),
    ("a path of 1 MB", get("/" + "a" * 1_000_000)),
    ("10 000 parameters", get("/hello?" + "&".join(f"a{each}=1" for each in range(10_000)))),
]
ALL = [
    pytest.param(raw, status, id=f"{kind}: {name}")
    for kind, cases in [
        ("body", BODIES),
        ("header", HEADERS),
        ("path", PATHS),
        ("query", QUERIES),
    ]
    for name, raw, status in cases
]


@pytest.mark.parametrize(("raw", "status"), ALL)
def test_an_odd_request_gets_the_status_of_the_contract_and_no_error_repeats_it(
    api_url: str, raw: bytes, status: int
) -> None:
    answer = send(api_url, raw)
    assert answer.status == status, answer
    assert answer.headers["x-content-type-options"] == "nosniff"
    if status >= 400:
        check_refusal(answer)


PATHS_OF_ROUTES = [
    "/",
    "/hello",
    "/lucky_numbers",
    "/claps",
    "/items",
    ITEM,
    "/orders",
    "/orders/a",
    "/docs",
    "/openapi.json",
    "/assets/style.css",
    "/assets/nonesuch",
    "/problems/not-found",
    "/problems/nonesuch",
]


@pytest.mark.parametrize("path", PATHS_OF_ROUTES)
@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PATCH", "PROPFIND", "HUNTER2", "*"])
def test_a_method_without_a_route_is_not_found(api_url: str, method: str, path: str) -> None:
    answer = send(api_url, request(method, path, f"X-Any: {MARK}"))
    assert answer.status == 404
    check_refusal(answer)


@pytest.mark.parametrize("path", [*PATHS_OF_ROUTES, "/nowhere"])
def test_a_head_request_gets_the_status_of_get_and_no_body(api_url: str, path: str) -> None:
    answer = send(api_url, request("HEAD", path))
    assert answer.status == call(api_url + path, "GET").status_code
    assert answer.body == b""
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_half_a_body_keeps_nobody_else_waiting(api_url: str) -> None:
    raw = at(api_url, draw(VALID))
    with ExitStack() as stack:
        slow = [stack.enter_context(connect(api_url)) for _ in range(100)]
        for connection in slow:
            connection.sendall(raw[:-5])
        assert call(f"{api_url}/lucky_numbers", data=VALID).status_code == 200
        for byte in raw[-5:]:
            slow[0].sendall(bytes([byte]))
        assert read_answer(slow[0]).status == 200


def test_a_body_that_ends_early_creates_nothing(api_url: str) -> None:
    # What came is valid JSON by itself.
    body = json.dumps({"name": "cut short", "price": "1"}).encode()
    with connect(api_url) as connection:
        raw = create(body, f"Content-Length: {len(body) + 1}")
        connection.sendall(at(api_url, raw))
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(65536):
            pass
    assert "cut short" not in [item["name"] for item in list_items(api_url)]


@pytest.mark.parametrize(
    ("raw", "status"), [pytest.param(raw, status, id=name) for name, raw, status in MALFORMED]
)
def test_the_local_cloud_refuses_what_is_no_http_and_goes_on(
    api_url: str, raw: bytes, status: int
) -> None:
    assert send(api_url, raw).status == status
    assert call(f"{api_url}/hello", "GET").text == "Hello, world!"


@pytest.mark.parametrize("raw", [pytest.param(raw, id=name) for name, raw in TOO_LARGE])
def test_the_local_cloud_refuses_what_is_too_large_and_goes_on(api_url: str, raw: bytes) -> None:
    with suppress(ConnectionError):
        assert send(api_url, raw).status == 431
    assert call(f"{api_url}/hello", "GET").text == "Hello, world!"
