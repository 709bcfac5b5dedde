"""What an entry point may ask for by the names of its parameters, and what it may give."""

import functools
import logging
import time
from typing import Annotated, Any

import pytest
from pydantic import BaseModel, ConfigDict, Field

from gateway import EntityTags, Response, endpoint
from tests.support.events import bare_event, http_event, rest_event
from tests.support.responses import payload_of, problem_of

EVENTS = pytest.mark.parametrize("make_event", [rest_event, http_event])


class Said(BaseModel):
    """What came of it."""

    said: str


class Page(BaseModel):
    """Parameters of a query."""

    model_config = ConfigDict(strict=True, extra="forbid")

    topic: Annotated[str, Field(max_length=5)]
    limit: Annotated[int, Field(ge=1)] = 25
    other: str = ""


class Retry(BaseModel):
    """The headers of interest."""

    model_config = ConfigDict(strict=True)

    key: Annotated[str | None, Field(alias="idempotency-key", min_length=1)] = None


@endpoint
def search(query: Page) -> Said:
    """Say what is asked for."""
    return Said(said=f"{query.topic} {query.limit}")


@endpoint
def retry(headers: Retry) -> Said:
    """Say the key."""
    return Said(said=str(headers.key))


class Place(BaseModel):
    """Parameters of a path."""

    model_config = ConfigDict(strict=True, extra="forbid")

    id: Annotated[str, Field(pattern="^[a-z]{2}$")]


@endpoint
def find(path: Place) -> Said:
    """Say what the path names."""
    return Said(said=path.id)


@endpoint
def match(if_match: EntityTags | None) -> str:
    """Say the tags."""
    return "None" if not if_match else "any" if if_match.is_any else "|".join(if_match.strong)


@endpoint
def locate(source_ip: str, route: str) -> str:
    """Say where the caller is, and what they called."""
    return f"{route} from {source_ip}"


@endpoint
def tag() -> Response:
    """Give what a cache may keep."""
    return Response("ß", headers={"etag": '"1"', "cache-control": "max-age=60"})


@EVENTS
def test_a_query_is_typed_by_a_model(make_event: Any) -> None:
    event = make_event(query={"topic": "luck", "limit": "3"})
    assert payload_of(search(event, None)) == {"said": "luck 3"}
    event = make_event(query={"topic": "luck"})
    assert payload_of(search(event, None)) == {"said": "luck 25"}


@EVENTS
@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        (None, ["topic"]),
        ({}, ["topic"]),
        ({"topic": "longer"}, ["topic"]),
        ({"topic": "luck", "limit": "0"}, ["limit"]),
        ({"topic": "luck", "limit": "x"}, ["limit"]),
        ({"topic": "luck", "page": "1"}, ["page"]),
        ({"limit": ""}, ["topic", "limit"]),
    ],
)
def test_a_bad_query_is_a_bad_request_that_names_the_parameters(
    make_event: Any, query: Any, wrong: list[str]
) -> None:
    problem = problem_of(search(make_event(query=query), None), 400, "errors")
    assert [error["parameter"] for error in problem["errors"]] == wrong
    assert all(error["detail"] for error in problem["errors"])


def test_a_parameter_that_is_given_twice_is_a_bad_request() -> None:
    event = rest_event(query={"topic": "luck"})
    event["multiValueQueryStringParameters"]["topic"] = ["skill", "luck"]
    errors = problem_of(search(event, None), 400, "errors")["errors"]
    assert errors == [{"parameter": "topic", "detail": "Given more than once"}]


@EVENTS
@pytest.mark.parametrize(
    "limit", ["+5", " 5", "5 ", "05", "5.0", "1_0", "1e1", "\u0665", "", "0x5"]
)
def test_an_integer_in_a_query_is_plain_digits(make_event: Any, limit: str) -> None:
    event = make_event(query={"topic": "luck", "limit": limit, "other": "5"})
    (error,) = problem_of(search(event, None), 400, "errors")["errors"]
    assert error["parameter"] == "limit"


@EVENTS
def test_a_path_is_typed_by_a_model(make_event: Any) -> None:
    assert payload_of(find(make_event(path={"id": "ab"}), None)) == {"said": "ab"}


@EVENTS
@pytest.mark.parametrize("path", [None, {}, {"id": "abc"}, {"id": "AB"}, {"id": "ab", "x": "y"}])
def test_a_path_that_breaks_its_model_leads_nowhere(make_event: Any, path: Any) -> None:
    assert "errors" not in problem_of(find(make_event(path=path), None), 404)


@EVENTS
@pytest.mark.parametrize(
    ("if_match", "told"),
    [
        (None, "None"),
        ("*", "any"),
        ('"1"', "1"),
        (' "1" ,"a,b" , W/"3"', "1|a,b"),
        ('W/"1"', ""),
        ('""', ""),
    ],
)
def test_the_tags_of_if_match_are_its_strong_ones(
    make_event: Any, if_match: str | None, told: str
) -> None:
    headers = {} if if_match is None else {"If-Match": if_match}
    assert match(make_event(headers=headers), None)["body"] == told


@EVENTS
@pytest.mark.parametrize("if_match", ["", "1", '"1', '"1""2"', '"1",', '"a b"', "*, *", '"\u0100"'])
def test_an_if_match_that_is_no_list_is_a_bad_request(make_event: Any, if_match: str) -> None:
    (error,) = problem_of(match(make_event(headers={"if-match": if_match}), None), 400, "errors")[
        "errors"
    ]
    assert error["header"] == "if-match"


@EVENTS
@pytest.mark.parametrize("name", ["idempotency-key", "Idempotency-Key", "IDEMPOTENCY-KEY"])
def test_headers_are_typed_by_a_model_in_any_case(make_event: Any, name: str) -> None:
    event = make_event(headers={name: "k", "user-agent": "curl"})
    assert payload_of(retry(event, None)) == {"said": "k"}
    assert payload_of(retry(make_event(), None)) == {"said": "None"}
    errors = problem_of(retry(make_event(headers={name: ""}), None), 400, "errors")["errors"]
    assert [error["header"] for error in errors] == ["idempotency-key"]


@EVENTS
def test_the_caller_s_address_is_api_gateway_s_word(make_event: Any) -> None:
    event = make_event(headers={"x-forwarded-for": "203.0.113.9"})
    assert locate(event, None)["body"] == "POST /lucky_numbers from 192.0.2.1"


def test_an_event_that_tells_no_address_and_no_route_is_served_too() -> None:
    assert locate(bare_event(), None)["body"] == " from "


def test_a_text_is_plain_utf_8() -> None:
    response = locate(bare_event(), None)
    assert response["headers"]["content-type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize("tags", ['"1"', 'W/"1"', '"0", "1"', '"0",W/"1"', "*"])
def test_who_has_the_same_already_gets_no_body(tags: str) -> None:
    response = tag(rest_event(method="GET", headers={"If-None-Match": tags}), None)
    assert (response["statusCode"], response["body"]) == (304, "")
    assert response["headers"]["etag"] == '"1"'
    assert response["headers"]["cache-control"] == "max-age=60"
    assert response["headers"]["access-control-allow-origin"] == "*"


@pytest.mark.parametrize("tags", [None, "", '"2"', "1", '"11"', '"*"'])
def test_who_has_something_else_gets_the_body(tags: str | None) -> None:
    headers = {} if tags is None else {"If-None-Match": tags}
    response = tag(rest_event(method="GET", headers=headers), None)
    assert (response["statusCode"], response["body"]) == (200, "ß")


def test_only_a_get_request_is_answered_by_what_the_caller_has() -> None:
    response = tag(rest_event(headers={"If-None-Match": "*"}), None)
    assert response["statusCode"] == 200


def test_headers_that_a_browser_would_hide_are_exposed_to_other_origins() -> None:
    assert tag(rest_event(), None)["headers"]["access-control-expose-headers"] == "etag"
    assert "access-control-expose-headers" not in locate(rest_event(), None)["headers"]


def test_a_reply_may_have_a_status_and_no_content() -> None:
    @endpoint
    def delete() -> Response:
        return Response(status=204)

    response = delete(rest_event(), None)
    assert (response["statusCode"], response["body"]) == (204, "")
    assert "content-type" not in response["headers"]


def test_the_deadline_is_300_ms_before_lambda_s() -> None:
    deadlines = []

    class Context:
        """Has 2.5 s left."""

        aws_request_id = "a"
        get_remaining_time_in_millis = staticmethod(lambda: 2500)

    @endpoint
    def wait(deadline: float) -> str:
        deadlines.append(deadline)
        return ""

    before = time.monotonic()
    wait(rest_event(), Context())
    assert before + 2.2 <= deadlines[0] <= time.monotonic() + 2.2


def test_what_takes_too_long_is_unavailable_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    @endpoint
    def wait() -> str:
        raise TimeoutError("The table is busy.")

    response = wait(rest_event(request_id="a-b"), None)
    problem = problem_of(response, 503)
    assert response["headers"]["retry-after"] == "1"
    assert response["headers"]["access-control-expose-headers"] == "retry-after"
    assert "table" not in problem["detail"]
    (line,) = (record for record in caplog.records if record.levelno == logging.ERROR)
    assert line.exc_info
    assert vars(line)["request_id"] == "a-b"


def takes_unknown(body: str) -> str:
    """Ask for what is no part of a request."""
    return body


def takes_untyped(route) -> str:  # type: ignore[no-untyped-def]  # noqa: ANN001
    """Ask for a part without its type."""
    return str(route)


def takes_name(payload: "Unknown") -> str:  # type: ignore[name-defined]  # noqa: F821
    """Name a model, where its class is wanted."""
    return str(payload)


@pytest.mark.parametrize(
    ("function", "told"),
    [
        (takes_unknown, "body is not a part of a request"),
        (takes_untyped, "route has no annotation"),
        (takes_name, "model class"),
    ],
)
def test_a_parameter_that_the_edge_cannot_give_fails_when_it_is_defined(
    function: Any, told: str
) -> None:
    with pytest.raises(TypeError, match=told):
        endpoint(function)


def test_another_decorator_below_hides_no_parameter() -> None:
    def log(function: Any) -> Any:
        @functools.wraps(function)
        def logged(*arguments: Any, **options: Any) -> Any:
            return function(*arguments, **options)

        return logged

    @endpoint
    @log
    def answer(route: str) -> str:
        return route

    assert answer(rest_event(), None)["body"] == "POST /lucky_numbers"


@pytest.mark.parametrize("result", [{}, [], None, 5, b""])
def test_a_result_that_is_no_response_is_told_in_the_log(
    result: Any, caplog: pytest.LogCaptureFixture
) -> None:
    @endpoint
    def answer() -> Any:
        return result

    problem_of(answer(rest_event(), None), 500)
    (line,) = (record for record in caplog.records if record.levelno == logging.ERROR)
    assert "answer returned" in str(line.exc_info)
    assert "return a model, a text, or a Response" in str(line.exc_info)
