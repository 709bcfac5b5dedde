"""Conditional requests: the entity tags of If-Match and If-None-Match (RFC 9110, 13.1)."""

from __future__ import annotations

# What a tag may consist of: etagc, with obs-text as Latin-1 (RFC 9110, 8.8.3).
TAG_CHARACTERS = frozenset(map(chr, [0x21, *range(0x23, 0x7F), *range(0x80, 0x100)]))
PREFIXES = {"": False, "W/": True}  # Whether a tag with this prefix is weak.


class EntityTags:
    """The entity tags of a header, without their quotes.

    `strong` has those that a strong comparison may match, as If-Match needs; `all` has the weak
    ones too, for the weak comparison of If-None-Match; `is_any` is true for `*`.

    >>> EntityTags('"1", W/"2"').strong
    ["1"]

    Raises:
        ValueError: the header is not a list of entity tags.
    """

    def __init__(self, header: str) -> None:
        self.is_any = header.strip() == "*"
        self.strong: list[str] = []
        self.all: list[str] = []
        if self.is_any:
            return
        # A tag cannot contain a quote: every second part is one, and a separator is before each.
        *parts, end = header.split('"')
        if not parts or len(parts) % 2 or end.strip():
            raise ValueError("not a list of entity tags")
        parts[0] = f",{parts[0]}"
        for separator, tag in zip(parts[::2], parts[1::2], strict=True):
            space, comma, prefix = separator.partition(",")
            is_weak = PREFIXES.get(prefix.lstrip())
            if space.strip() or not comma or is_weak is None or not TAG_CHARACTERS.issuperset(tag):
                raise ValueError("not a list of entity tags")
            self.all.append(tag)
            if not is_weak:
                self.strong.append(tag)
