"""The header Location: where a resource is that a request created (RFC 9110, 10.2.2)."""

from __future__ import annotations

# Of a path's segment (RFC 3986, 3.3), except the colon, which would end a scheme.
SEGMENT_CHARACTERS = frozenset(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~%!$&'()*+,;=@"
)


def make_reference(path: str, name: str) -> str:
    """Return the reference to the resource `name` below a request's path.

    It is relative to the request's URL: an event does not have all that is before the path, such
    as a stage.

    >>> make_reference("/users", "7"), make_reference("/users/", "7")
    ("users/7", "7")
    """
    last = path.rpartition("/")[2]
    return f"{_quote(last)}/{name}" if last else name


def _quote(segment: str) -> str:
    return "".join(
        each if each in SEGMENT_CHARACTERS else f"%{each.encode().hex('%')}" for each in segment
    )
