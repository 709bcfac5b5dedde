"""API Gateway proxy responses, every one with its CORS headers."""

from __future__ import annotations

import json
import os

TYPE_CHECKING = False  # As typing says it; importing that would lengthen every cold start.
if TYPE_CHECKING:
    from gateway.problem import Problem
    from gateway.types import Model, ProxyResponse


def payload_reply(payload: Model) -> ProxyResponse:
    """Return the reply that carries a payload."""
    return _reply(200, "application/json", payload.model_dump_json(by_alias=True))


def problem_reply(problem: Problem, instance: str) -> ProxyResponse:
    """Return the reply that explains a problem; `instance` is the request's id."""
    details = {
        "type": problem.type,
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail,
        "instance": instance,
        **problem.members,
    }
    body = json.dumps(details, ensure_ascii=False, separators=(",", ":"))
    return _reply(problem.status, "application/problem+json", body)


def _reply(status: int, content_type: str, body: str) -> ProxyResponse:
    return {
        "isBase64Encoded": False,
        "statusCode": status,
        "headers": {"content-type": content_type, **_cors_headers()},
        "body": body,
    }


def _cors_headers() -> dict[str, str]:
    origin = os.environ.get("CORS_ALLOW_ORIGIN", "*")
    headers = {"access-control-allow-origin": origin}
    if origin != "*":
        headers["vary"] = "origin"
    return headers
