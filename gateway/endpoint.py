"""Turns a typed function into a Lambda handler behind API Gateway."""

from __future__ import annotations

import functools
import logging
import time

from gateway.body import read_payload
from gateway.problem import InternalServerError, Problem
from gateway.reply import payload_reply, problem_reply
from gateway.request import Request

TYPE_CHECKING = False  # As typing says it; importing that would lengthen every cold start.
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from gateway.types import Gives, ProxyResponse, Takes

logger = logging.getLogger(__name__)


def endpoint(function: Callable[[Takes], Gives]) -> Callable[[Any, Any], ProxyResponse]:
    """Return the Lambda handler for a function from one model, its `payload`, to another.

    The handler takes API Gateway's REST (v1) and HTTP API (v2) proxy events, and an event with
    nothing but a `body`; it answers every one of them and raises nothing. It logs one line a
    request through `logging`, which Lambda's runtime writes as JSON:
    https://docs.aws.amazon.com/lambda/latest/dg/python-logging.html
    """
    takes: type[Takes] | None = function.__annotations__.get("payload")
    if not isinstance(takes, type):
        raise TypeError(f"{function.__name__} does not declare its payload, by a model's class")

    @functools.wraps(function)
    def handler(event: Any, context: Any) -> ProxyResponse:
        started = time.perf_counter()
        request = Request(event, context)
        try:
            reply = payload_reply(function(read_payload(takes, request.read_body())))
        except Problem as problem:
            reply = problem_reply(problem, request.id)
        except Exception:
            logger.exception("unforeseen failure", extra={"request_id": request.id})
            reply = problem_reply(InternalServerError(), request.id)
        logger.info(
            "request",
            extra={
                "request_id": request.id,
                "route": request.route,
                "status": reply["statusCode"],
                "duration_ms": round((time.perf_counter() - started) * 1000, 3),
            },
        )
        return reply

    return handler
