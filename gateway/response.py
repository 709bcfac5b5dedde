"""API Gateway proxy responses, each with its CORS headers."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from gateway.conditions import EntityTags
from invocation.json_text import to_json

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gateway.problem import Problem
    from gateway.types import Model, ProxyResponse

JSON = "application/json"
PROBLEM_JSON = "application/problem+json"
PLAIN_TEXT = "text/plain; charset=utf-8"
# Response headers for pages of other origins to read, besides the CORS-safelisted ones.
# https://fetch.spec.whatwg.org/#http-access-control-expose-headers
EXPOSED = ("etag", "location", "retry-after")


class Response:
    """A response with another status than 200, or with headers.

    `content` is a model, sent as JSON; a string, sent as plain text unless `headers` has a
    `content-type`; or None, for an empty body. Names of headers are in lower case. With an `etag`,
    a GET request whose If-None-Match matches it gets 304.

    >>> Response(user, status=201, headers={"location": "users/1"})
    """

    def __init__(
        self,
        content: Model | str | None = None,
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.content = content
        self.status = status
        self.headers = headers or {}


def to_response(result: Model | Response | str, if_none_match: str | None) -> ProxyResponse:
    """Return the proxy response for an entry point's result.

    It is 304 if `if_none_match`, the If-None-Match of a GET request, matches the response's `etag`
    (RFC 9110, 13.1.2).
    """
    response = result if isinstance(result, Response) else Response(result)
    content, headers = response.content, response.headers
    if response.status == 200 and _matches(if_none_match, headers.get("etag")):  # noqa: PLR2004
        return _proxy_response(304, headers, "")
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
    headers = {"content-type": PROBLEM_JSON, **problem.headers}
    return _proxy_response(problem.status, headers, to_json(details))


def _proxy_response(status: int, headers: Mapping[str, str], body: str) -> ProxyResponse:
    return {
        "isBase64Encoded": False,
        "statusCode": status,
        "headers": {**headers, **_cors_headers(headers)},
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


def _matches(if_none_match: str | None, etag: str | None) -> bool:
    """Whether If-None-Match matches an entity tag, by weak comparison (RFC 9110, 8.8.3.2)."""
    if not if_none_match or etag is None:
        return False
    try:
        tags = EntityTags(if_none_match)
    except ValueError:
        return False
    return tags.is_any or etag.strip('"') in tags.all
