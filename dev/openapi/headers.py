"""Describes the headers of requests and responses that the gateway reads and writes."""

from typing import Any

RESPONSE_HEADERS = {
    "etag": "The version of the resource, for `If-Match` and `If-None-Match`.",
    "location": "Where the created resource is, relative to this request's URL.",
    "retry-after": "Seconds to wait before the request is sent again.",
}
IF_MATCH = "Done only if the ETag of the resource is one of these, or there is one, for `*`."
IF_NONE_MATCH = "Done only if the ETag of the resource is none of these, or there is none, for `*`."


def describe_headers(names: list[str]) -> dict[str, Any]:
    """Return references to the descriptions of response headers, as a member of a response."""
    references = {
        write_name(name): {"$ref": f"#/components/headers/{write_name(name)}"} for name in names
    }
    return {"headers": references} if references else {}


def describe_response_headers() -> dict[str, Any]:
    """Return the descriptions that `describe_headers` refers to."""
    return {
        write_name(name): {"description": text, "required": True, "schema": _schema(name)}
        for name, text in RESPONSE_HEADERS.items()
    }


def describe_preconditions(*, is_required: bool) -> list[dict[str, Any]]:
    """Return the parameters If-Match, which may be required, and If-None-Match."""
    if_match: dict[str, Any] = {
        "name": "If-Match",
        "in": "header",
        "description": IF_MATCH,
    }
    if is_required:  # Otherwise, the example would get 412.
        if_match |= {"required": True, "example": '"1"'}
    if_none_match = {"name": "If-None-Match", "in": "header", "description": IF_NONE_MATCH}
    return [each | {"schema": {"type": "string"}} for each in (if_match, if_none_match)]


def write_name(name: str) -> str:
    """Return the name of a header as RFC 9110 writes it."""
    return "ETag" if name == "etag" else name.title()


def _schema(name: str) -> dict[str, Any]:
    if name == "retry-after":
        return {"type": "integer", "minimum": 0}
    return {"type": "string", **({"format": "uri-reference"} if name == "location" else {})}
