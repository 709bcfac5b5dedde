"""Turns a typed function into a Lambda handler behind API Gateway."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from gateway.arguments import find_readers
from gateway.problem import InternalServerError, Problem, ServiceUnavailable
from gateway.request import Request
from gateway.response import Response, to_problem_response, to_response
from invocation.log import log, start_invocation
from invocation.wrapping import update_wrapper

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, overload

    from gateway.types import Model, ProxyResponse

    EntryPoint = Callable[..., Model | Response | str]
    Handler = Callable[[Any, Any], ProxyResponse]
    ToProblem = Callable[[Exception], Problem | None]

if TYPE_CHECKING:

    @overload
    def endpoint(function: EntryPoint) -> Handler: ...
    @overload
    def endpoint(*, to_problem: ToProblem) -> Callable[[EntryPoint], Handler]: ...


def endpoint(
    function: EntryPoint | None = None, *, to_problem: ToProblem | None = None
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

    The function returns a model, a string, or a `Response` with another status or with headers. It
    may raise a `Problem`. `to_problem` returns the problem for any other error, or None.

    >>> @endpoint
    ... def hello(query: HelloQuery) -> str:
    ...     return f"Hello, {query.first_name}!"

    The handler takes API Gateway's REST (v1) and HTTP API (v2) proxy events, and an event with
    nothing but a `body`. It always returns a response: 503 for a `TimeoutError`, 500 for an
    unexpected error. It logs one line a request; see invocation/log.py.

    Raises:
        TypeError: a parameter is unknown, has no annotation, or needs a model class
            as its annotation.
    """
    if function is None:
        return lambda function: _make_handler(function, to_problem)
    return _make_handler(function, to_problem)


def _make_handler(function: EntryPoint, to_problem: ToProblem | None) -> Handler:
    readers = find_readers(function).items()

    def handler(event: Any, context: Any) -> ProxyResponse:
        started = time.perf_counter()
        start_invocation(context)
        request = Request(event, context)
        try:
            result = function(**{name: read(request) for name, read in readers})
            _check_result(function.__name__, result)
            response = to_response(result, request)
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


def _check_result(name: str, result: object) -> None:
    """Raise a TypeError that says what to return, for a result such as a dict."""
    if not isinstance(result, (Response, str)) and not hasattr(result, "model_dump_json"):
        raise TypeError(
            f"{name} returned {type(result).__name__}: return a model, a string, or a Response."
        )
