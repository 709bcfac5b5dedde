"""Turns a typed function into a Lambda handler behind API Gateway."""

from __future__ import annotations

import functools
import logging
import time

from gateway.arguments import find_readers
from gateway.problem import InternalServerError, Problem, ServiceUnavailable
from gateway.reply import Reply, make_problem_response, make_response
from gateway.request import Request

TYPE_CHECKING = False  # As typing says it; importing that would lengthen every cold start.
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from gateway.types import Model, ProxyResponse

logger = logging.getLogger(__name__)


def endpoint(
    function: Callable[..., Model | Reply | str],
) -> Callable[[Any, Any], ProxyResponse]:
    """Return the Lambda handler for a function from typed parts of a request to a payload.

    By their names its parameters take: `payload`, `path`, `query` and `headers`, of which each is a
    model's class; `if_match`, the `EntityTags` of that header, or None; `source_ip`, the caller's
    address; `route`, such as "GET /"; and `deadline`, a little before Lambda gives the function up,
    in seconds of `time.monotonic`. It gives a model, a text, or a `Reply`
    with a status and headers of its own.

    The handler takes API Gateway's REST (v1) and HTTP API (v2) proxy events, and an event with
    nothing but a `body`; it answers every one of them and raises nothing. A `TimeoutError` of the
    function's is answered with 503. It logs one line a request through `logging`, which Lambda's
    runtime writes as JSON: https://docs.aws.amazon.com/lambda/latest/dg/python-logging.html

    Raises:
        TypeError: a parameter is no part of a request, has no annotation, or needs a model's class.
    """
    readers = find_readers(function).items()

    @functools.wraps(function)
    def handler(event: Any, context: Any) -> ProxyResponse:
        started = time.perf_counter()
        request = Request(event, context)
        try:
            given = function(**{name: read(request) for name, read in readers})
            _check_result(function.__name__, given)
            response = make_response(given, request.if_none_match)
        except Problem as problem:
            response = make_problem_response(problem, request.id)
        except TimeoutError:
            logger.exception("out of time", extra={"request_id": request.id})
            response = make_problem_response(ServiceUnavailable(), request.id)
        except Exception:
            logger.exception("unforeseen failure", extra={"request_id": request.id})
            response = make_problem_response(InternalServerError(), request.id)
        logger.info(
            "request",
            extra={
                "request_id": request.id,
                "route": request.route,
                "status": response["statusCode"],
                "duration_ms": round((time.perf_counter() - started) * 1000, 3),
            },
        )
        return response

    return handler


def _check_result(name: str, result: object) -> None:
    """Tell who returns a dict, say, what to return."""
    if not isinstance(result, (Reply, str)) and not hasattr(result, "model_dump_json"):
        raise TypeError(
            f"{name} returned {type(result).__name__}, which is no response: "
            "return a model, a text, or a Reply."
        )
