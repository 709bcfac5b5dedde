"""Turns a typed function into a Lambda handler behind API Gateway."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from gateway.arguments import find_readers
from gateway.problem import InternalServerError, Problem, ServiceUnavailable
from gateway.request import Request
from gateway.response import (
    NO_CONTENT,
    OK,
    PLAIN_TEXT,
    Response,
    Success,
    to_problem_response,
    to_response,
)
from invocation.log import log, start_invocation
from invocation.wrapping import update_wrapper

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any, overload

    from gateway.types import ProxyResponse, Result

    EntryPoint = Callable[..., Result]
    Handler = Callable[[Any, Any], ProxyResponse]
    ToProblem = Callable[[Exception], Problem | None]

if TYPE_CHECKING:  # Beside what it overloads.

    @overload
    def endpoint(function: EntryPoint) -> Handler: ...
    @overload
    def endpoint(
        *,
        status: int = OK,
        content_type: str = PLAIN_TEXT,
        content_types: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        etag: Callable[[Any], str] | None = None,
        created: str | None = None,
        problems: tuple[type[Problem], ...] = (),
        to_problem: ToProblem | None = None,
    ) -> Callable[[EntryPoint], Handler]: ...


def endpoint(
    function: EntryPoint | None = None,
    *,
    problems: tuple[type[Problem], ...] = (),
    to_problem: ToProblem | None = None,
    **success: Any,
) -> Handler | Callable[[EntryPoint], Handler]:
    """Make a Lambda handler of a function that takes typed parts of a request.

    A parameter's name says what it gets:

    - `payload`, `path`, `query`, `headers`: the model that its annotation names.
    - `all_headers`: the different values of each header, by its name in lower case.
    - `preconditions`: the `Preconditions` of a write, which must hold for what it changes.
    - `caller_id`: whom API Gateway has authenticated the caller as; empty if nobody.
    - `source_ip`: the caller's address. `route`: such as "GET /", also for a HEAD request. API
      Gateway sends the headers of its response, and leaves out the body.
    - `deadline`: shortly before Lambda stops the function, in seconds of `time.monotonic`.

    The function returns a model, a string, a `Response` with headers of its own, or None with the
    status 204. It may raise a `Problem`. Its options say how it responds:

    - `status`: of a success. `content_type`: of a string. `headers`: of every success.
    - `content_types`: for `openapi.json` only, those that the function sets itself, by paths.
    - `etag`: returns the entity tag of a result. The preconditions of a GET or HEAD request are
      evaluated with it: the response is 304 or 412 if one is false.
    - `created`: the field of the result that names the created resource below the request's path,
      for the header Location.
    - `problems`: the problems that it raises, besides those of its parameters (RAISED in
      gateway/arguments.py). `to_problem` returns the problem for any other error, or None.

    `npm run openapi` reads all of that from the decorator and the annotations.

    >>> @endpoint(status=201, created="id", problems=(KeyReused,))
    ... def create_user(payload: NewUser) -> User:  # POST /users: the user "7" is at /users/7.

    The handler takes API Gateway's REST (v1) and HTTP API (v2) proxy events, and an event with
    nothing but a `body`. It always returns a response: 503 for a `TimeoutError`, 500 for an
    unexpected error. It logs one line a request; see invocation/log.py.

    Raises:
        TypeError: a parameter is unknown, has no annotation, or needs a model class
            as its annotation; or there is no such option.
    """
    declared = Success(**success)
    if function is None:
        return lambda function: _make_handler(function, declared, problems, to_problem)
    return _make_handler(function, declared, problems, to_problem)


def _make_handler(
    function: EntryPoint,
    success: Success,
    problems: tuple[type[Problem], ...],
    to_problem: ToProblem | None,
) -> Handler:
    readers = find_readers(function).items()

    def handler(event: Any, context: Any) -> ProxyResponse:
        started = time.perf_counter()
        start_invocation(context)
        request = Request(event, context)
        try:
            result = function(**{name: read(request) for name, read in readers})
            _check_result(function.__name__, result, success.status)
            response = to_response(result, request, success)
        except Exception as error:  # noqa: BLE001 (_find_problem logs the unexpected)
            problem = _find_problem(error, to_problem, request.id)
            response = to_problem_response(problem, request.id)
        log(
            "INFO",
            "request",
            logger=__name__,
            request_id=request.id,
            route=request.route or None,
            status=response["statusCode"],
            duration_ms=round((time.perf_counter() - started) * 1000, 3),
        )
        return response

    update_wrapper(handler, function)
    vars(handler).update(success=success, problems=problems)
    return handler


def _find_problem(error: Exception, to_problem: ToProblem | None, request_id: str) -> Problem:
    if isinstance(error, Problem):
        return error
    try:
        if to_problem and (problem := to_problem(error)):
            return problem
    except Exception as bug:  # noqa: BLE001 (logged below)
        error = bug
    if isinstance(error, TimeoutError):
        log("ERROR", "deadline exceeded", logger=__name__, error=error, request_id=request_id)
        return ServiceUnavailable()
    log("ERROR", "unexpected error", logger=__name__, error=error, request_id=request_id)
    return InternalServerError()


def _check_result(name: str, result: object, status: int) -> None:
    """Raise a TypeError that says what to return, for a result such as a dict."""
    if result is None:
        is_response = status == NO_CONTENT
    else:
        is_response = isinstance(result, (Response, str)) or hasattr(result, "model_dump_json")
    if not is_response:
        raise TypeError(
            f"{name} returned {type(result).__name__}: "
            "return a model, a string, a Response, or None with status=204."
        )
