"""API Gateway proxy responses, each with its CORS headers."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from invocation.json_text import to_json

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gateway.problem import Problem
    from gateway.request import Request
    from gateway.types import Model, ProxyResponse

OK, NOT_MODIFIED = 200, 304
JSON = "application/json"
PROBLEM_JSON = "application/problem+json"
NO_STORE = {"cache-control": "no-store"}
PLAIN_TEXT = "text/plain; charset=utf-8"
# Response headers for pages of other origins to read, besides the CORS-safelisted ones.
# https://fetch.spec.whatwg.org/#http-access-control-expose-headers
EXPOSED = ("etag", "location", "retry-after")


class Response:
    """A response with another status than 200, or with headers.

    `content` is a model, sent as JSON; a string, sent as plain text unless `headers` has a
    `content-type`; or None, for an empty body. Names of headers are in lower case. With an `etag`,
    the preconditions of a GET or HEAD request are evaluated: it gets 304 or 412 if one is false.
    Without a `cache-control`, a response to a request with credentials has `no-store`. `created` is
    the name below the request's path of the resource that it created, for the header Location.

    >>> Response(user, status=201, created="1")  # Of POST /users: it is /users/1.
    """

    def __init__(
        self,
        content: Model | str | None = None,
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        created: str | None = None,
    ) -> None:
        self.content = content
        self.status = status
        self.headers = headers or {}
        self.created = created


def to_response(result: Model | Response | str, request: Request) -> ProxyResponse:
    """Return the proxy response for an entry point's result.

    If a GET or HEAD request found a resource with an `etag`, its preconditions are evaluated
    (RFC 9110, 13.2.2).

    Raises:
        BadRequest: If-Match is not a list of entity tags.
        PreconditionFailed: If-Match is false.
    """
    response = result if isinstance(result, Response) else Response(result)
    content, headers = response.content, response.headers
    if response.created is not None:
        headers = {**headers, "location": request.refer_to(response.created)}
    if request.has_credentials:
        headers = {**NO_STORE, **headers}
    is_conditional = request.is_read and response.status == OK and "etag" in headers
    if is_conditional and request.preconditions.is_not_modified(headers["etag"]):
        return _proxy_response(NOT_MODIFIED, headers, "")
    if content is None:
        return _proxy_response(response.status, headers, "")
    if isinstance(content, str):
        return _proxy_response(response.status, {"content-type": PLAIN_TEXT, **headers}, content)
    body = content.model_dump_json(by_alias=True)
    return _proxy_response(response.status, {"content-type": JSON, **headers}, body)


def to_problem_response(problem: Problem, instance: str) -> ProxyResponse:
    """Return the proxy response for a problem; `instance` is the request id."""
    details = {
        "type": problem.type,
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail,
        "instance": instance,
        **problem.members,
    }
    headers = {"content-type": PROBLEM_JSON, **NO_STORE, **problem.headers}
    return _proxy_response(problem.status, headers, to_json(details))


def _proxy_response(status: int, headers: Mapping[str, str], body: str) -> ProxyResponse:
    return {
        "isBase64Encoded": False,
        "statusCode": status,
        "headers": {**headers, "x-content-type-options": "nosniff", **_cors_headers(headers)},
        "body": body,
    }


def _cors_headers(headers: Mapping[str, str]) -> dict[str, str]:
    origin = os.environ.get("CORS_ALLOW_ORIGIN", "*")
    cors = {"access-control-allow-origin": origin}
    if exposed := [name for name in EXPOSED if name in headers]:
        cors["access-control-expose-headers"] = ", ".join(exposed)
    if origin != "*":
        cors["vary"] = "origin"
    return cors
