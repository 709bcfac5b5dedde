"""API Gateway proxy responses, each with its CORS headers."""

from __future__ import annotations

import os
from binascii import b2a_base64
from typing import TYPE_CHECKING

from invocation.json_text import to_json

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from gateway.problem import Problem
    from gateway.request import Request
    from gateway.types import Model, ProxyResponse, Result

OK, NO_CONTENT, NOT_MODIFIED = 200, 204, 304
JSON = "application/json"
PROBLEM_JSON = "application/problem+json"
NO_STORE = {"cache-control": "no-store"}
PLAIN_TEXT = "text/plain; charset=utf-8"
# Response headers for pages of other origins to read, besides the CORS-safelisted ones.
# https://fetch.spec.whatwg.org/#http-access-control-expose-headers
EXPOSED = ("etag", "location", "retry-after")


class Response:
    """What an entry point returns if it sets headers itself, with names in lower case.

    `content` is a model, sent as JSON, a string, or bytes, whose `content-type` is among `headers`.
    Headers that the entry point declares are sent too, unless `headers` has them.

    >>> Response(page, headers={"content-language": "fr"})
    """

    def __init__(self, content: Model | str | bytes, *, headers: Mapping[str, str]) -> None:
        self.content = content
        self.headers = headers


class Success:
    """How an entry point responds when it succeeds; `endpoint` describes the options."""

    def __init__(  # noqa: PLR0913 (each is an option of its own)
        self,
        *,
        status: int = OK,
        content_type: str = PLAIN_TEXT,
        content_types: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        etag: Callable[[Any], str] | None = None,
        created: str | None = None,
    ) -> None:
        self.status = status
        self.content_type = content_type
        self.content_types = content_types or {}
        self.headers = headers or {}
        self.etag = etag
        self.created = created

    def make_headers(self, result: Any, request: Request) -> dict[str, str]:
        """Return the headers that are declared, for a result."""
        headers = dict(self.headers)
        if self.etag:
            headers["etag"] = self.etag(result)
        if self.created:
            headers["location"] = request.refer_to(getattr(result, self.created))
        return headers


def to_response(result: Result, request: Request, success: Success) -> ProxyResponse:
    """Return the proxy response for an entry point's result.

    If a GET or HEAD request found a resource with an `etag`, its preconditions are evaluated
    (RFC 9110, 13.2.2). Without a `cache-control`, a response to a request with credentials has
    `no-store`.

    Raises:
        BadRequest: If-Match is not a list of entity tags.
        PreconditionFailed: If-Match is false.
    """
    status, headers = success.status, success.make_headers(result, request)
    content: Model | str | bytes | None
    if isinstance(result, Response):
        content, headers = result.content, {**headers, **result.headers}
    else:
        content = result
    if request.has_credentials:
        headers = {**NO_STORE, **headers}
    is_conditional = request.is_read and status == OK and "etag" in headers
    if is_conditional and request.preconditions.is_not_modified(headers["etag"]):
        return _proxy_response(NOT_MODIFIED, headers, "")
    if content is None:
        return _proxy_response(status, headers, "")
    if isinstance(content, bytes):
        body = b2a_base64(content, newline=False).decode()
        return {**_proxy_response(status, headers, body), "isBase64Encoded": True}
    if isinstance(content, str):
        return _proxy_response(status, {"content-type": success.content_type, **headers}, content)
    body = content.model_dump_json(by_alias=True)
    return _proxy_response(status, {"content-type": JSON, **headers}, body)


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
        cors["vary"] = f"{headers['vary']}, origin" if "vary" in headers else "origin"
    return cors
