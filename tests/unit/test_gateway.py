"""The edge: every event gets a response, and so does every error of a function."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field

from gateway import Preconditions, endpoint
from gateway.types import ProxyResponse
from handler import lucky_numbers
from hello.handler import hello
from tests.support.any_events import any_events, check_response
from tests.support.events import BODY, bare_event, http_event, rest_event
from tests.support.log import errors_in, log_everything, read_log
from tests.support.responses import REFUSALS, payload_of, problem_of

LIMIT_BYTES = 64 * 1024
EVENTS = pytest.mark.parametrize("make_event", [rest_event, http_event, bare_event])
EVENTS_WITH_HEADERS = pytest.mark.parametrize("make_event", [rest_event, http_event])

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda children: st.lists(children) | st.dictionaries(st.text(), children),
)
# Close to the payload: some are valid, and some almost.
NEAR = st.fixed_dictionaries(
    {},
    optional={"name": st.text() | JSON, "count": st.integers() | JSON, "x": JSON},
)


class Context:
    """What the edge reads of Lambda's context."""

    aws_request_id = "8476a536-e9f4-11e8-9739-2dfe598c3fcd"


def respond(event: Any, context: Any = None) -> ProxyResponse:
    """Return the response to an event."""
    return lucky_numbers(event, context)


def check(response: Mapping[str, Any]) -> None:
    """Check that a response is a success, or a problem of the caller's."""
    if response["statusCode"] == 200:
        payload_of(response)
    else:
        assert response["statusCode"] in REFUSALS
        problem_of(response, response["statusCode"])


@EVENTS
@pytest.mark.parametrize("body", [BODY, BODY.encode()], ids=["plain", "base64"])
def test_every_kind_of_event_is_understood(make_event: Any, body: str | bytes) -> None:
    assert len(payload_of(respond(make_event(body=body)))["numbers"]) == 10


@pytest.mark.parametrize("make_event", [rest_event, http_event])
@pytest.mark.parametrize("body", [None, "", b""])
def test_a_missing_body_is_a_bad_request(make_event: Any, body: str | bytes | None) -> None:
    problem = problem_of(respond(make_event(body=body)), 400)
    assert problem["detail"] == "The request has no body."


@pytest.mark.parametrize("event", [None, [], "x", 1, {}, {"name": "SilentByte", "count": 10}])
def test_an_event_typed_without_a_body_gets_an_example_of_one(event: Any) -> None:
    assert '{"body": ' in problem_of(respond(event), 400)["detail"]


@pytest.mark.parametrize("body", [{"name": "SilentByte", "count": 10}, 1, True, ["x"]])
def test_a_body_that_is_not_a_string_is_a_bad_request(body: Any) -> None:
    assert '{"body": ' in problem_of(respond({"body": body}), 400)["detail"]
    event = rest_event() | {"body": body}
    assert "not a string" in problem_of(respond(event), 400)["detail"]


@EVENTS
@pytest.mark.parametrize("body", ["x", "{", BODY[:-1], BODY + "}", "'a'", "\ufeff" + BODY, " "])
def test_a_body_that_is_not_json_is_a_bad_request(make_event: Any, body: str) -> None:
    assert "not JSON" in problem_of(respond(make_event(body=body)), 400)["detail"]


@pytest.mark.parametrize("constant", ["NaN", "Infinity", "-Infinity"])
def test_nan_and_infinity_are_refused_even_in_ignored_fields(constant: str) -> None:
    body = f'{{"name": "a", "count": 2, "x": {constant}}}'
    assert constant in problem_of(respond(rest_event(body=body)), 400)["detail"]


@EVENTS
@pytest.mark.parametrize("body", [b"\xff", BODY.encode("utf-16"), b'{"name": "\xed\xa0\x80"}'])
def test_a_body_that_is_not_utf_8_is_a_bad_request(make_event: Any, body: bytes) -> None:
    assert problem_of(respond(make_event(body=body)), 400)["detail"] == "The body is not UTF-8."


def test_a_lone_surrogate_in_the_event_is_not_utf_8() -> None:
    problem = problem_of(respond(rest_event(body='{"name": "\ud800", "count": 2}')), 400)
    assert problem["detail"] == "The body is not UTF-8."


@pytest.mark.parametrize("body", ["*", "e30", "e30=x", "é", "e3 0="])
def test_a_body_that_is_not_base64_is_a_bad_request(body: str) -> None:
    problem = problem_of(respond({"body": body, "isBase64Encoded": True}), 400)
    assert "base64" in problem["detail"]


@EVENTS
@pytest.mark.parametrize("encode", [str, str.encode], ids=["plain", "base64"])
def test_a_body_of_64_kib_is_accepted_and_one_byte_more_is_too_large(
    make_event: Any, encode: Any
) -> None:
    largest = BODY + " " * (LIMIT_BYTES - len(BODY))
    assert payload_of(respond(make_event(body=encode(largest))))
    assert "65536" in problem_of(respond(make_event(body=encode(largest + " "))), 413)["detail"]


def test_a_body_is_measured_in_bytes() -> None:
    assert problem_of(respond(rest_event(body="ß" * (LIMIT_BYTES // 2 + 1))), 413)


@EVENTS_WITH_HEADERS
@pytest.mark.parametrize("name", ["content-type", "Content-Type", "CONTENT-TYPE"])
@pytest.mark.parametrize(
    "content_type",
    [
        "application/json",
        "application/json; charset=utf-8",
        "APPLICATION/JSON",
        "application/vnd.api+json",
        "text/json",
        "text/plain;charset=UTF-8",
        "application/x-www-form-urlencoded",
        "application/json, application/json",
        "application/json,, text/plain; charset=utf-8,",
        'application/json; profile="a,text/html"',
        "application/octet-stream",
        "",
        "json",
        ";",
    ],
)
def test_a_content_type_that_may_be_json_is_accepted(
    make_event: Any, name: str, content_type: str
) -> None:
    assert payload_of(respond(make_event(headers={name: content_type})))


@EVENTS_WITH_HEADERS
@pytest.mark.parametrize("name", ["content-type", "Content-Type"])
@pytest.mark.parametrize(
    "content_type",
    [
        *("image/png", "multipart/form-data; boundary=x", "application/xml", "text/html", "x/json"),
        *("text/html,", ",text/html", "text/html;,x", "text/html, x", "text/html;"),
        *("application/json, text/html", "text/html,application/json; charset=utf-8"),
        *('text/html;a="', 'text/html; a=","', 'a=",", text/html'),
    ],
)
def test_a_content_type_that_cannot_be_json_is_unsupported(
    make_event: Any, name: str, content_type: str
) -> None:
    assert problem_of(respond(make_event(headers={name: content_type})), 415)


def test_each_value_of_a_repeated_content_type_must_be_able_to_be_json() -> None:
    event = rest_event(headers={"content-type": "application/json"})
    event["multiValueHeaders"]["content-type"] = ["text/html", "application/json"]
    assert problem_of(respond(event), 415)


@pytest.mark.parametrize(
    "headers", [None, {}, [], "x", 1, {"content-type": None}, {"Content-Type": 1}, {"a": {}}]
)
def test_null_or_malformed_headers_are_ignored(headers: Any) -> None:
    assert payload_of(respond({**rest_event(), "headers": headers}))


def test_an_event_needs_no_headers() -> None:
    event = rest_event()
    del event["headers"]
    assert payload_of(respond(event))


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ('{"name": "a", "name": "a", "count": 2}', "/name"),
        ('{"name": "a", "count": 2, "x": 1, "count": 2}', "/count"),
        ('{"name": "a", "count": 2, "co\\u0075nt": 2}', "/count"),
    ],
)
def test_a_member_given_twice_is_refused(body: str, pointer: str) -> None:
    errors = problem_of(respond(rest_event(body=body)), 422)["errors"]
    assert errors == [{"pointer": pointer, "detail": "Given more than once"}]


@pytest.mark.parametrize(
    "body",
    [
        '{"name": "a", "count": 2, "x": 1, "x": 2}',
        '{"name": "a", "count": 2, "x": {"name": 1, "name": 2}}',
    ],
)
def test_an_ignored_member_may_be_given_twice(body: str) -> None:
    assert payload_of(respond(rest_event(body=body)))


def test_negative_zero_is_not_an_integer_but_is_accepted_in_ignored_fields() -> None:
    errors = problem_of(respond(rest_event(body='{"name": "a", "count": -0}')), 422)["errors"]
    assert errors == [{"pointer": "/count", "detail": "Negative zero is not an integer"}]
    assert payload_of(respond(rest_event(body='{"name": "a", "count": 2, "x": -0}')))


def test_a_repeated_member_of_a_wrong_type_is_a_type_error() -> None:
    body = '{"name": -0, "count": 2, "count": "2"}'
    assert problem_of(respond(rest_event(body=body)), 422)["errors"] == [
        {"pointer": "/name", "detail": "Input should be a valid string"},
        {"pointer": "/count", "detail": "Input should be a valid integer"},
    ]


def test_a_problem_has_the_request_id_that_the_caller_sees() -> None:
    assert problem_of(respond(rest_event(body=None, request_id="a-b")), 400)["instance"] == "a-b"
    assert problem_of(respond(http_event(body=None, request_id="c=")), 400)["instance"] == "c="


def test_a_problem_of_a_bare_event_has_the_invocation_s_id() -> None:
    assert problem_of(respond({}, Context()), 400)["instance"] == Context.aws_request_id


@given(body=(JSON | NEAR).map(json.dumps))
def test_any_json_gets_a_response(body: str) -> None:
    check(respond(rest_event(body=body)))


@given(body=st.binary() | st.text().map(str.encode))
def test_any_bytes_get_a_response(body: bytes) -> None:
    check(respond(http_event(body=body)))


@given(body=st.text(st.characters()) | st.text('{}[]",:\\u0123 \ud800-+.eE'))
def test_any_text_gets_a_response(body: str) -> None:
    check(respond(bare_event(body=body)))


class EchoPath(BaseModel):
    """A path parameter of any text."""

    id: str = ""


class EchoHeaders(BaseModel):
    """Headers of any text, and an integer."""

    key: Annotated[str, Field(alias="idempotency-key")] = ""
    number: Annotated[int, Field(alias="x-api-key")] = 0


@endpoint(headers={"location": "7"}, etag=lambda _: '"1"')
def echo(  # noqa: PLR0913, PLR0917
    path: EchoPath,
    headers: EchoHeaders,
    preconditions: Preconditions,
    route: str,
    source_ip: str,
    deadline: float,
) -> str:
    """Use every part of a request."""
    parts = (path.id, headers.key, headers.number, route, source_ip, deadline > 0)
    return " ".join(map(str, [*parts, preconditions.if_match is None]))


@pytest.mark.parametrize("function", [hello, lucky_numbers, echo])
@settings(max_examples=200)
@given(event=any_events({"id": "7"}))
@example(event={"requestContext": {"requestId": "\ud800"}})
@example(event={"requestContext": {"identity": {"sourceIp": "\ud800"}}, "body": "{}"})
@example(event={"queryStringParameters": {"\ud800": "a"}})
@example(event={"queryStringParameters": {"first_name": "\ud800"}})
@example(event={"headers": {"\ud800": "\ud800", "if-match": "\ud800"}})
@example(event={"pathParameters": {"id": "\ud800"}})
@example(event={"routeKey": "GET /\ud800"})
@example(event={"routeKey": {}})
@example(event={"httpMethod": "GET", "resource": "/\ud800", "path": "/\ud800"})
@example(event={"body": '{"name": "\ud800", "count": 2}'})
def test_any_event_gets_a_response(function: Any, event: Any) -> None:
    check_response(function(event, None))


def test_an_unexpected_error_is_logged_and_not_shown(capfd: pytest.CaptureFixture[str]) -> None:
    class Empty(BaseModel):
        """Without fields."""

    @endpoint
    def fail(payload: Empty) -> Empty:
        raise RuntimeError("the secret reason", payload)

    response = fail(rest_event(body="{}", request_id="a-b"), None)

    assert "secret" not in problem_of(response, 500)["detail"]
    assert "secret" not in str(response)
    (failure,) = errors_in(read_log(capfd))
    assert failure["request_id"] == "a-b"
    assert "the secret reason" in failure["errorMessage"]


def test_a_nested_place_is_pointed_at_by_a_json_pointer() -> None:
    class Line(BaseModel):
        """One of several, strictly."""

        model_config = ConfigDict(strict=True, extra="forbid")
        quantity: Annotated[int, Field(alias="a/b~c")]

    class Lines(BaseModel):
        """Several."""

        lines: list[Line]

    @endpoint
    def count(payload: Lines) -> Lines:
        return payload

    body = '{"lines": [{"a/b~c": 1}, {"a/b~c": 1, "a/b~c": 2}, {"a/b~c": "1", "x": 0}]}'
    errors = problem_of(count(rest_event(body=body), None), 422)["errors"]
    assert sorted(error["pointer"] for error in errors) == [
        "/lines/1/a~1b~0c",
        "/lines/2/a~1b~0c",
        "/lines/2/x",
    ]


def test_oddities_are_found_in_types_that_json_writes_as_others() -> None:
    class Entry(BaseModel):
        """Strict, with types that JSON writes as others."""

        model_config = ConfigDict(strict=True)
        day: date
        pair: tuple[int, ...]
        ratio: float

    @endpoint
    def enter(payload: Entry) -> Entry:
        return payload

    right = '{"day": "2026-11-20", "pair": [1, 0], "ratio": -0}'
    assert payload_of(enter(rest_event(body=right), None))["day"] == "2026-11-20"
    wrong = '{"day": "2026-11-20", "pair": [1, -0], "ratio": 1, "ratio": 2}'
    assert problem_of(enter(rest_event(body=wrong), None), 422)["errors"] == [
        {"pointer": "/pair/1", "detail": "Negative zero is not an integer"},
        {"pointer": "/ratio", "detail": "Given more than once"},
    ]


def test_a_pointer_does_not_name_members_of_a_union() -> None:
    class Cat(BaseModel):
        """One of two."""

        kind: Literal["cat"]
        lives: int

    class Dog(BaseModel):
        """The other."""

        kind: Literal["dog"]

    class Owner(BaseModel):
        """Has one or the other."""

        pet: Annotated[Cat | Dog, Field(discriminator="kind")]
        age: int | str

    @endpoint
    def own(payload: Owner) -> Owner:
        return payload

    body = '{"pet": {"kind": "cat"}, "age": []}'
    errors = problem_of(own(rest_event(body=body), None), 422)["errors"]
    assert [error["pointer"] for error in errors] == ["/pet/lives", "/age"]


def test_a_problem_has_at_most_twenty_errors() -> None:
    class Numbers(BaseModel):
        """Many."""

        numbers: list[int]

    @endpoint
    def add(payload: Numbers) -> Numbers:
        return payload

    body = json.dumps({"numbers": ["x"] * 1000})
    assert len(problem_of(add(rest_event(body=body), None), 422)["errors"]) == 20


def test_a_response_uses_the_aliases_of_its_model() -> None:
    class Claps(BaseModel):
        """Has a public name unlike its own."""

        viewer_clap_count: Annotated[int, Field(alias="viewerClapCount")]

    @endpoint
    def clap(payload: Claps) -> Claps:
        return payload

    body = '{"viewerClapCount": 3}'
    assert payload_of(clap(rest_event(body=body), None)) == {"viewerClapCount": 3}


@pytest.mark.parametrize(
    ("event", "route", "request_id"),
    [
        (rest_event(request_id="a-b"), "POST /lucky_numbers", "a-b"),
        (http_event(request_id="c="), "POST /lucky_numbers", "c="),
        (bare_event(), None, Context.aws_request_id),
    ],
)
def test_each_request_is_one_line_in_the_log(
    event: Any,
    route: str | None,
    request_id: str,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    log_everything(monkeypatch)
    respond(event, Context())
    (line,) = read_log(capfd)
    assert (line["request_id"], line.get("route"), line["status"]) == (request_id, route, 200)
    assert line["requestId"] == Context.aws_request_id
    assert line["duration_ms"] >= 0


def test_the_log_holds_neither_body_nor_header_nor_address(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    log_everything(monkeypatch)
    for body in ('{"name": "hunter2", "count": 2}', '{"name": "hunter2"}', '"hunter2"', "hunter2"):
        respond(rest_event(body=body, headers={"x-api-key": "hunter2"}))
    lines = read_log(capfd)
    assert len(lines) == 4
    assert "hunter2" not in str(lines)
    assert "192.0.2.1" not in str(lines)


def test_an_allowed_origin_is_in_the_headers_with_vary(monkeypatch: Any) -> None:
    monkeypatch.setenv("CORS_ALLOW_ORIGIN", "https://example.com")
    for event in (rest_event(), rest_event(body=None)):
        headers = respond(event)["headers"]
        assert headers["access-control-allow-origin"] == "https://example.com"
        assert headers["vary"] == "origin"
