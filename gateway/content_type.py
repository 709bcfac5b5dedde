"""Content types of bodies that may be JSON."""

from __future__ import annotations

# Media types that may be JSON, besides `…+json`: those that curl, `fetch` and `sendBeacon` declare
# by default, and bytes of no declared kind.
JSON_TYPES = {
    "application/json",
    "application/octet-stream",
    "application/x-www-form-urlencoded",
    "text/json",
    "text/plain",
}


def may_be_json(content_type: str) -> bool:
    """Whether a body with this content type may be JSON. What is no media type is ignored.

    >>> may_be_json("text/html, application/json")
    False
    """
    # A header that was sent twice is a list. Quoted texts, of parameters, may contain commas.
    unquoted = "".join(content_type.lower().split('"')[::2])
    declared = [part.partition(";")[0].strip() for part in unquoted.split(",")]
    return all(
        "/" not in media_type or media_type in JSON_TYPES or media_type.endswith("+json")
        for media_type in declared
    )
