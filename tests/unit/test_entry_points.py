"""What an endpoint's parameters take from a request, by name, and what it may return."""

import functools
import time
from typing import Annotated, Any, Self
from urllib.parse import urljoin

import pytest
from pydantic import BaseModel, ConfigDict, Field, model_validator

from gateway import EntityTags, Preconditions, Problem, endpoint
from gateway.problem import NotFound
from tests.support.events import bare_event, http_event, rest_event
from tests.support.log import errors_in, read_log
from tests.support.responses import payload_of, problem_of

EVENTS = pytest.mark.parametrize("make_event", [rest_event, http_event])


class Echo(BaseModel):
    """What an endpoint received."""

    received: str


class SearchQuery(BaseModel):
    """The query of `search`."""

    model_config = ConfigDict(strict=True, extra="forbid")

    topic: Annotated[str, Field(max_length=5)]
    limit: Annotated[int, Field(ge=1)] = 25
    other: str = ""


class RetryHeaders(BaseModel):
    """The headers of `retry`."""

    model_config = ConfigDict(strict=True)

    key: Annotated[str | None, Field(alias="idempotency-key", min_length=1)] = None


@endpoint
def search(query: SearchQuery) -> Echo:
    """Return the query."""
    return Echo(received=f"{query.topic} {query.limit}")


@endpoint
def retry(headers: RetryHeaders) -> Echo:
    """Return the idempotency key."""
    return Echo(received=str(headers.key))


class ThingPath(BaseModel):
    """The path parameters of `get_thing`."""

    model_config = ConfigDict(strict=True, extra="forbid")

    id: Annotated[str, Field(pattern="^[a-z]{2}$")]


@endpoint
def get_thing(path: ThingPath) -> Echo:
    """Return the id in the path."""
    return Echo(received=path.id)


@endpoint
def match(preconditions: Preconditions) -> str:
    """Return the entity tags of If-Match, and those of If-None-Match if there are any."""
    both = [preconditions.if_match, preconditions.if_none_match]
    shown = [show(tags) for tags in both if tags]
    return " but ".join(shown) if shown else "None"


def show(tags: EntityTags) -> str:
    """Return the strong ones of some tags."""
    return "any" if tags.is_any else "|".join(tags.strong)


@endpoint
def locate(source_ip: str, route: str) -> str:
    """Return the route and the caller's address."""
    return f"{route} from {source_ip}"


@endpoint
def identify(caller_id: str) -> str:
    """Return whom the caller is authenticated as."""
    return f"caller {caller_id}"


@endpoint(etag=lambda _: '"1"', headers={"cache-control": "max-age=60"})
def get_cached() -> str:
    """Return a text with an entity tag."""
    return "ß"


@endpoint(status=201, created="received")
def create_thing() -> Echo:
    """Return the created resource 7."""
    return Echo(received="7")


@endpoint(etag=lambda _: 'W/"1"')
def get_weak() -> str:
    """Return a text with a weak entity tag."""
    return "ß"


@pytest.mark.parametrize(
    ("authenticated", "caller_id"),
    [
        ({"identity": {"apiKeyId": "k1"}}, "k1"),
        (
            {"identity": {"apiKeyId": "k1", "userArn": "arn:aws:iam::1:user/a"}},
            "arn:aws:iam::1:user/a",
        ),
        ({"identity": {"apiKeyId": "k1"}, "authorizer": {"principalId": "ada"}}, "ada"),
        ({"authorizer": {"claims": {"sub": "ada"}}}, "ada"),
        ({"authorizer": {"jwt": {"claims": {"sub": "ada"}}}}, "ada"),
        ({"authorizer": {"iam": {"userArn": "arn:aws:iam::1:user/a"}}}, "arn:aws:iam::1:user/a"),
        (
            {"identity": {"userArn": "arn:aws:sts::1:assumed-role/ordering/session-7"}},
            "arn:aws:sts::1:assumed-role/ordering",
        ),
        ({"identity": {"sourceIp": "192.0.2.1"}, "authorizer": None}, ""),
        ({"identity": {"apiKeyId": None, "userArn": 1}}, ""),
    ],
)
def test_a_caller_is_whom_api_gateway_has_authenticated(authenticated: Any, caller_id: str) -> None:
    event = {"requestContext": authenticated, "headers": {"x-api-key": "k2"}}
    assert identify(event, None)["body"] == f"caller {caller_id}"


@EVENTS
def test_a_query_is_validated_by_its_model(make_event: Any) -> None:
    event = make_event(query={"topic": "luck", "limit": "3"})
    assert payload_of(search(event, None)) == {"received": "luck 3"}
    event = make_event(query={"topic": "luck"})
    assert payload_of(search(event, None)) == {"received": "luck 25"}


@EVENTS
@pytest.mark.parametrize(
    ("query", "invalid"),
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
def test_an_invalid_query_is_a_bad_request_that_names_the_parameters(
    make_event: Any, query: Any, invalid: list[str]
) -> None:
    problem = problem_of(search(make_event(query=query), None), 400, "errors")
    assert [error["parameter"] for error in problem["errors"]] == invalid
    assert all(error["detail"] for error in problem["errors"])


def test_a_repeated_query_parameter_is_a_bad_request() -> None:
    event = rest_event(query={"topic": "luck"})
    event["multiValueQueryStringParameters"]["topic"] = ["skill", "luck"]
    errors = problem_of(search(event, None), 400, "errors")["errors"]
    assert errors == [{"parameter": "topic", "detail": "Given more than once"}]


@EVENTS
@pytest.mark.parametrize(
    "limit", ["+5", " 5", "5 ", "05", "5.0", "1_0", "1e1", "\u0665", "", "0x5"]
)
def test_an_integer_in_a_query_must_be_plain_digits(make_event: Any, limit: str) -> None:
    event = make_event(query={"topic": "luck", "limit": limit, "other": "5"})
    (error,) = problem_of(search(event, None), 400, "errors")["errors"]
    assert error["parameter"] == "limit"


class PageHeaders(BaseModel):
    """The headers of `turn`."""

    model_config = ConfigDict(strict=True)

    page: Annotated[int | None, Field(alias="x-page")] = None
    name: Annotated[str, Field(alias="x-name")] = ""


@endpoint
def turn(headers: PageHeaders) -> Echo:
    """Return the page."""
    return Echo(received=f"{headers.page} {headers.name}")


@EVENTS
def test_an_integer_may_have_an_alias(make_event: Any) -> None:
    event = make_event(headers={"X-Page": "7", "x-name": "07", "x-other": "+7"})
    assert payload_of(turn(event, None)) == {"received": "7 07"}


@EVENTS
@pytest.mark.parametrize("page", ["+7", " 7", "7 ", "07", "7.0", "1_0", "-0", "7e0", "\u0667", ""])
def test_an_integer_with_an_alias_must_be_plain_digits(make_event: Any, page: str) -> None:
    event = make_event(headers={"x-page": page, "x-name": "7", "x-other": "7"})
    (error,) = problem_of(turn(event, None), 400, "errors")["errors"]
    assert error["header"] == "x-page"
    assert "integer" in error["detail"]


class Range(BaseModel):
    """A range, as a payload or a query."""

    first: int
    last: Annotated[int, Field(alias="to")]

    @model_validator(mode="after")
    def check_order(self) -> Self:
        """Refuse an empty range."""
        if self.first > self.last:
            raise ValueError("first is after last")
        return self


class Ranges(BaseModel):
    """Several ranges."""

    ranges: list[Range]


@endpoint
def read_range(query: Range) -> Echo:
    """Return the range of a query."""
    return Echo(received=f"{query.first} {query.last}")


@endpoint
def read_ranges(payload: Ranges) -> Echo:
    """Return how many ranges there are."""
    return Echo(received=str(len(payload.ranges)))


@endpoint
def read_one(payload: Range) -> Echo:
    """Return the range of a payload."""
    return Echo(received=f"{payload.first} {payload.last}")


@EVENTS
def test_a_model_s_own_validator_refuses_a_query_without_a_parameter_s_name(
    make_event: Any,
) -> None:
    assert payload_of(read_range(make_event(query={"first": "1", "to": "2"}), None))
    response = read_range(make_event(query={"first": "3", "to": "2"}), None)
    errors = problem_of(response, 400, "errors")["errors"]
    assert errors == [{"detail": "Value error, first is after last"}]


def test_a_model_s_own_validator_points_at_the_whole_model() -> None:
    whole = read_one(rest_event(body='{"first": 3, "to": 2}'), None)
    nested = read_ranges(rest_event(body='{"ranges": [{"first": 3, "to": 2}]}'), None)
    for response, pointer in ((whole, ""), (nested, "/ranges/0")):
        errors = problem_of(response, 422)["errors"]
        assert errors == [{"pointer": pointer, "detail": "Value error, first is after last"}]


@EVENTS
def test_a_path_is_validated_by_its_model(make_event: Any) -> None:
    assert payload_of(get_thing(make_event(path={"id": "ab"}), None)) == {"received": "ab"}


@EVENTS
@pytest.mark.parametrize("path", [None, {}, {"id": "abc"}, {"id": "AB"}, {"id": "ab", "x": "y"}])
def test_an_invalid_path_is_not_found(make_event: Any, path: Any) -> None:
    assert "errors" not in problem_of(get_thing(make_event(path=path), None), 404)


@EVENTS
@pytest.mark.parametrize(
    ("if_match", "expected"),
    [
        (None, "None"),
        ("*", "any"),
        ('"1"', "1"),
        (' "1" ,"a,b" , W/"3"', "1|a,b"),
        ('W/"1"', ""),
        ('""', ""),
        (' , ,"1",', "1"),
        ("", ""),
    ],
)
def test_the_preconditions_have_the_tags_of_if_match(
    make_event: Any, if_match: str | None, expected: str
) -> None:
    headers = {} if if_match is None else {"If-Match": if_match}
    assert match(make_event(headers=headers), None)["body"] == expected


@EVENTS
@pytest.mark.parametrize("name", ["if-match", "if-none-match"])
@pytest.mark.parametrize("tags", ["1", '"1', '"1""2"', '"1" "2"', '"a b"', "*, *", '"\u0100"'])
def test_an_invalid_precondition_of_a_write_is_a_bad_request(
    make_event: Any, name: str, tags: str
) -> None:
    response = match(make_event(headers={name: tags}), None)
    (error,) = problem_of(response, 400, "errors")["errors"]
    assert error["header"] == name


@EVENTS
def test_a_write_has_both_preconditions(make_event: Any) -> None:
    headers = {"If-Match": "*", "If-None-Match": '"2"'}
    assert match(make_event(headers=headers), None)["body"] == "any but 2"


@EVENTS
@pytest.mark.parametrize("name", ["idempotency-key", "Idempotency-Key", "IDEMPOTENCY-KEY"])
def test_headers_are_validated_by_their_model_in_any_case(make_event: Any, name: str) -> None:
    event = make_event(headers={name: "k", "user-agent": "curl"})
    assert payload_of(retry(event, None)) == {"received": "k"}
    assert payload_of(retry(make_event(), None)) == {"received": "None"}
    errors = problem_of(retry(make_event(headers={name: ""}), None), 400, "errors")["errors"]
    assert [error["header"] for error in errors] == ["idempotency-key"]


@pytest.mark.parametrize("name", ["idempotency-key", "Idempotency-Key"])
def test_a_repeated_header_with_different_values_is_a_bad_request(name: str) -> None:
    event = rest_event(headers={name: "last"})
    event["multiValueHeaders"][name] = ["first", "last"]
    errors = problem_of(retry(event, None), 400, "errors")["errors"]
    assert errors == [{"header": "idempotency-key", "detail": "Given more than once"}]


def test_a_header_that_is_repeated_in_another_case_is_a_bad_request() -> None:
    event = rest_event(headers={"Idempotency-Key": "a", "idempotency-key": "b"})
    assert problem_of(retry(event, None), 400, "errors")


def test_a_repeated_header_with_one_value_has_that_value() -> None:
    event = rest_event(headers={"Idempotency-Key": "k"})
    event["multiValueHeaders"]["Idempotency-Key"] = ["k", "k"]
    assert payload_of(retry(event, None)) == {"received": "k"}


def test_a_header_that_the_model_does_not_have_may_be_repeated() -> None:
    event = rest_event(headers={"idempotency-key": "k", "via": "1.1 b"})
    event["multiValueHeaders"]["via"] = ["1.1 a", "1.1 b"]
    assert payload_of(retry(event, None)) == {"received": "k"}


def test_the_lists_of_a_repeated_header_are_one_list() -> None:
    event = rest_event(headers={"If-Match": '"3"'})
    event["multiValueHeaders"]["If-Match"] = ['"1", "2"', '"3"']
    assert match(event, None)["body"] == "1|2|3"


@pytest.mark.parametrize("values", [None, {}, [], [1], "k", {"if-match": None}, {"if-match": []}])
def test_malformed_values_of_repeated_headers_are_ignored(values: Any) -> None:
    event = rest_event(headers={"if-match": '"1"'}) | {"multiValueHeaders": values}
    assert match(event, None)["body"] == "1"


@EVENTS
def test_the_caller_s_address_comes_from_api_gateway_not_from_a_header(make_event: Any) -> None:
    event = make_event(headers={"x-forwarded-for": "203.0.113.9"})
    assert locate(event, None)["body"] == "POST /lucky_numbers from 192.0.2.1"


@EVENTS
def test_the_route_of_a_head_request_is_that_of_get(make_event: Any) -> None:
    event = make_event(method="HEAD")
    assert locate(event, None)["body"] == "GET /lucky_numbers from 192.0.2.1"


@EVENTS
def test_a_head_request_is_conditional_as_get_is(make_event: Any) -> None:
    headers = {"If-None-Match": '"1"'}
    assert get_cached(make_event(method="HEAD", headers=headers), None)["statusCode"] == 304


def test_an_event_without_address_and_route_is_accepted() -> None:
    assert locate(bare_event(), None)["body"] == " from "


def test_a_string_is_plain_text_in_utf_8() -> None:
    response = locate(bare_event(), None)
    assert response["headers"]["content-type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize("tags", ['"1"', 'W/"1"', '"0", "1"', '"0",W/"1"', "*"])
def test_a_matching_if_none_match_gets_304_without_a_body(tags: str) -> None:
    response = get_cached(rest_event(method="GET", headers={"If-None-Match": tags}), None)
    assert (response["statusCode"], response["body"]) == (304, "")
    assert response["headers"]["etag"] == '"1"'
    assert response["headers"]["cache-control"] == "max-age=60"
    assert response["headers"]["access-control-allow-origin"] == "*"


@EVENTS
@pytest.mark.parametrize("tags", ['"1"', 'W/"1"', '"2", "1"'])
def test_a_weak_etag_matches_if_none_match(make_event: Any, tags: str) -> None:
    response = get_weak(make_event(method="GET", headers={"If-None-Match": tags}), None)
    assert (response["statusCode"], response["headers"]["etag"]) == (304, 'W/"1"')


@EVENTS
@pytest.mark.parametrize("if_match", ['"2"', 'W/"1"', '"2", "3"', ""])
@pytest.mark.parametrize("if_none_match", ['"1"', '"2"'])
def test_a_read_of_another_etag_than_if_match_is_412(
    make_event: Any, if_match: str, if_none_match: str
) -> None:
    headers = {"If-Match": if_match, "If-None-Match": if_none_match}
    problem_of(get_cached(make_event(method="GET", headers=headers), None), 412)


@EVENTS
@pytest.mark.parametrize("if_match", ['"1"', '"2", "1"', "*"])
def test_a_read_of_an_etag_of_if_match_gets_the_body(make_event: Any, if_match: str) -> None:
    event = make_event(method="GET", headers={"If-Match": if_match})
    assert get_cached(event, None)["body"] == "ß"
    event = make_event(method="GET", headers={"If-Match": if_match, "If-None-Match": '"1"'})
    assert get_cached(event, None)["statusCode"] == 304


def test_a_weak_etag_matches_no_if_match() -> None:
    event = rest_event(method="GET", headers={"If-Match": 'W/"1", "1"'})
    problem_of(get_weak(event, None), 412)


def test_an_invalid_if_match_of_a_read_is_a_bad_request() -> None:
    event = rest_event(method="GET", headers={"If-Match": "1"})
    assert problem_of(get_cached(event, None), 400, "errors")


def test_a_resource_without_an_etag_has_no_preconditions() -> None:
    event = rest_event(method="GET", headers={"If-Match": "1", "If-None-Match": "*"})
    assert locate(event, None)["statusCode"] == 200


@pytest.mark.parametrize("tags", [None, "", '"2"', "1", '"11"', '"*"'])
def test_another_if_none_match_gets_the_body(tags: str | None) -> None:
    headers = {} if tags is None else {"If-None-Match": tags}
    response = get_cached(rest_event(method="GET", headers=headers), None)
    assert (response["statusCode"], response["body"]) == (200, "ß")


def test_if_none_match_gets_304_only_for_get_requests() -> None:
    response = get_cached(rest_event(headers={"If-None-Match": "*"}), None)
    assert response["statusCode"] == 200


@EVENTS
@pytest.mark.parametrize("credential", ["x-api-key", "X-Api-Key", "authorization"])
def test_a_response_to_credentials_is_not_stored(make_event: Any, credential: str) -> None:
    headers = {credential: "secret", "if-none-match": '"1"'}
    for function in (locate, get_weak):
        response = function(make_event(method="GET", headers=headers), None)
        assert response["headers"]["cache-control"] == "no-store"
    assert response["statusCode"] == 304
    assert "cache-control" not in locate(make_event(), None)["headers"]


def test_a_function_s_own_cache_control_is_kept() -> None:
    response = get_cached(rest_event(method="GET", headers={"x-api-key": "secret"}), None)
    assert response["headers"]["cache-control"] == "max-age=60"


@pytest.mark.parametrize("function", [locate, get_cached, retry])
def test_no_response_is_sniffed(function: Any) -> None:
    for headers in ({}, {"if-none-match": "*"}, {"idempotency-key": ""}):
        response = function(rest_event(method="GET", headers=headers), None)
        assert response["headers"]["x-content-type-options"] == "nosniff"


def test_headers_that_browsers_hide_from_other_origins_are_exposed() -> None:
    assert get_cached(rest_event(), None)["headers"]["access-control-expose-headers"] == "etag"
    assert "access-control-expose-headers" not in locate(rest_event(), None)["headers"]


def test_a_response_may_have_a_status_and_no_content() -> None:
    @endpoint(status=204)
    def delete() -> None:
        """Delete nothing."""

    response = delete(rest_event(), None)
    assert (response["statusCode"], response["body"]) == (204, "")
    assert "content-type" not in response["headers"]


CREATED = [
    (rest_event() | {"path": "/things"}, "/v1/things"),
    (rest_event() | {"path": "/things/"}, "/v1/things/"),
    (rest_event() | {"path": "/v1/things/"}, "/v1/things/"),  # As with a custom domain name.
    (http_event() | {"rawPath": "/v1/things"}, "/v1/things"),
    (http_event() | {"rawPath": "/v1/things/"}, "/v1/things/"),
]


@pytest.mark.parametrize(("event", "path"), CREATED)
def test_the_location_of_a_created_resource_is_below_the_request_s_path(
    event: Any, path: str
) -> None:
    location = create_thing(event, None)["headers"]["location"]
    assert urljoin(f"https://example.com{path}", location) == "https://example.com/v1/things/7"


@pytest.mark.parametrize("path", [None, 1, {}, "", "/\ud800", "/a\r\nb", "/a:b"])
def test_the_location_of_an_odd_path_is_a_valid_header(path: Any) -> None:
    location = create_thing(rest_event() | {"path": path}, None)["headers"]["location"]
    assert location.isprintable()
    assert location.endswith("7")
    assert ":" not in location


def test_the_deadline_is_300_ms_before_lambda_s() -> None:
    deadlines = []

    class Context:
        """A context with 2.5 s left."""

        aws_request_id = "a"
        get_remaining_time_in_millis = staticmethod(lambda: 2500)

    @endpoint
    def wait(deadline: float) -> str:
        deadlines.append(deadline)
        return ""

    before = time.monotonic()
    wait(rest_event(), Context())
    assert before + 2.2 <= deadlines[0] <= time.monotonic() + 2.2


def test_a_timeout_is_service_unavailable_and_logged(capfd: pytest.CaptureFixture[str]) -> None:
    @endpoint
    def wait() -> str:
        raise TimeoutError("The table is busy.")

    response = wait(rest_event(request_id="a-b"), None)
    problem = problem_of(response, 503)
    assert response["headers"]["retry-after"] == "1"
    assert response["headers"]["access-control-expose-headers"] == "retry-after"
    assert "table" not in problem["detail"]
    (line,) = errors_in(read_log(capfd))
    assert (line["errorType"], line["request_id"]) == ("TimeoutError", "a-b")


def with_unknown_parameter(body: str) -> str:
    """Have a parameter that the edge does not know."""
    return body


def without_annotation(route) -> str:  # type: ignore[no-untyped-def]  # noqa: ANN001
    """Have a parameter without an annotation."""
    return str(route)


def with_string_annotation(payload: "Unknown") -> str:  # type: ignore[name-defined]  # noqa: F821
    """Have a string for an annotation, instead of the class."""
    return str(payload)


@pytest.mark.parametrize(
    ("function", "problem"),
    [
        (with_unknown_parameter, "unknown parameter body"),
        (without_annotation, "route has no annotation"),
        (with_string_annotation, "model class"),
    ],
)
def test_an_invalid_parameter_is_a_type_error_when_the_entry_point_is_defined(
    function: Any, problem: str
) -> None:
    with pytest.raises(TypeError, match=problem):
        endpoint(function)


def test_parameters_are_found_below_another_decorator() -> None:
    def log(function: Any) -> Any:
        @functools.wraps(function)
        def logged(*arguments: Any, **options: Any) -> Any:
            return function(*arguments, **options)

        return logged

    @endpoint
    @log
    def respond(route: str) -> str:
        return route

    assert respond(rest_event(), None)["body"] == "POST /lucky_numbers"


@pytest.mark.parametrize("result", [{}, [], None, 5, b""])
def test_an_invalid_result_is_logged_with_what_to_return(
    result: Any, capfd: pytest.CaptureFixture[str]
) -> None:
    @endpoint
    def respond() -> Any:
        return result

    problem_of(respond(rest_event(), None), 500)
    (line,) = errors_in(read_log(capfd))
    assert "respond returned" in line["errorMessage"]
    assert "return a model, a string, a Response, or None" in line["errorMessage"]


class KnownError(Exception):
    """An error that `to_problem` knows."""


def to_problem(error: Exception) -> Problem | None:
    """Return the problem for a KnownError, which needs a text."""
    return NotFound(error.args[0]) if isinstance(error, KnownError) else None


@pytest.mark.parametrize(
    ("error", "status", "logged"),
    [
        (KnownError("There is no such thing."), 404, []),
        (TimeoutError(), 503, ["TimeoutError"]),
        (ValueError(), 500, ["ValueError"]),
        (KnownError(), 500, ["IndexError"]),
    ],
)
def test_an_error_becomes_its_problem_and_is_logged_if_unexpected(
    error: Exception, status: int, logged: list[str], capfd: pytest.CaptureFixture[str]
) -> None:
    @endpoint(to_problem=to_problem)
    def fail() -> str:
        raise error

    problem_of(fail(rest_event(), None), status)
    assert [line["errorType"] for line in errors_in(read_log(capfd))] == logged
