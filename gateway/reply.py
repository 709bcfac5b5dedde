"""API Gateway proxy responses, every one with its CORS headers."""

from __future__ import annotations

import json
import os

from gateway.conditions import EntityTags

TYPE_CHECKING = False  # As typing says it; importing that would lengthen every cold start.
if TYPE_CHECKING:
    from collections.abc import Mapping

    from gateway.problem import Problem
    from gateway.types import Model, ProxyResponse

JSON = "application/json"
PLAIN_TEXT = "text/plain; charset=utf-8"
# What a page of another origin is told, besides what a browser shows it anyway.
# https://fetch.spec.whatwg.org/#http-access-control-expose-headers
EXPOSED = ("etag", "location", "retry-after")


class Reply:
    """What an entry point gives where a model or a text, with status 200, does not say it all.

    The names of headers are in lower case. Content that is a model is JSON, and a text is plain
    unless the headers say otherwise.
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


def make_response(given: Model | Reply | str, if_none_match: str | None) -> ProxyResponse:
    """Return the response for what an entry point gives.

    To who has the same already, by `if_none_match` of a GET request, it is 304 (RFC 9110, 13.1.2).
    """
    reply = given if isinstance(given, Reply) else Reply(given)
    if if_none_match and reply.status == 200 and _lists(if_none_match, reply.headers.get("etag")):  # noqa: PLR2004
        return _response(304, reply.headers, "")
    if reply.content is None:
        return _response(reply.status, reply.headers, "")
    if isinstance(reply.content, str):
        headers = {"content-type": PLAIN_TEXT, **reply.headers}
        return _response(reply.status, headers, reply.content)
    headers = {"content-type": JSON, **reply.headers}
    return _response(reply.status, headers, reply.content.model_dump_json(by_alias=True))


def make_problem_response(problem: Problem, instance: str) -> ProxyResponse:
    """Return the response that explains a problem; `instance` is the request's id."""
    details = {
        "type": problem.type,
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail,
        "instance": instance,
        **problem.members,
    }
    body = json.dumps(details, ensure_ascii=False, separators=(",", ":"))
    headers = {"content-type": "application/problem+json", **problem.headers}
    return _response(problem.status, headers, body)


def _response(status: int, headers: Mapping[str, str], body: str) -> ProxyResponse:
    return {
        "isBase64Encoded": False,
        "statusCode": status,
        "headers": {**headers, **_cors_headers(headers)},
        "body": body,
    }


def _cors_headers(others: Mapping[str, str]) -> dict[str, str]:
    origin = os.environ.get("CORS_ALLOW_ORIGIN", "*")
    headers = {"access-control-allow-origin": origin}
    if exposed := [name for name in EXPOSED if name in others]:
        headers["access-control-expose-headers"] = ", ".join(exposed)
    if origin != "*":
        headers["vary"] = "origin"
    return headers


def _lists(tags: str, etag: str | None) -> bool:
    """Whether that If-None-Match names that tag, or any; compared weakly, as RFC 9110 has it."""
    try:
        listed = EntityTags(tags)
    except ValueError:
        return False
    return etag is not None and (listed.is_any or etag.strip('"') in listed.all)
