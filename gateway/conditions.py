"""Conditional requests: the preconditions If-Match and If-None-Match (RFC 9110, 13)."""

from __future__ import annotations

from gateway.problem import PreconditionFailed

# What a tag may consist of: etagc, with obs-text as Latin-1 (RFC 9110, 8.8.3).
TAG_CHARACTERS = frozenset(map(chr, [0x21, *range(0x23, 0x7F), *range(0x80, 0x100)]))
SPACES = " \t"
BETWEEN_TAGS = f",{SPACES}"  # A list may have empty elements (RFC 9110, 5.6.1).


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
        self.is_any = header.strip(SPACES) == "*"
        self.strong: list[str] = []
        self.all: list[str] = []
        if self.is_any:
            return
        # A tag cannot contain a quote: every second part is one, and a separator is before each.
        *parts, end = header.split('"')
        if len(parts) % 2 or end.strip(BETWEEN_TAGS):
            raise ValueError("not a list of entity tags")
        for separator, tag in zip(parts[::2], parts[1::2], strict=True):
            between = separator.removesuffix("W/")
            is_separate = "," in between or not self.all
            if not is_separate or between.strip(BETWEEN_TAGS) or not TAG_CHARACTERS.issuperset(tag):
                raise ValueError("not a list of entity tags")
            self.all.append(tag)
            if between == separator:
                self.strong.append(tag)

    def match_strongly(self, etag: str) -> bool:
        """Whether one of them matches an ETag by strong comparison (RFC 9110, 8.8.3.2)."""
        return self.is_any or (not etag.startswith("W/") and etag[1:-1] in self.strong)

    def match_weakly(self, etag: str) -> bool:
        """Whether one of them matches an ETag by weak comparison (RFC 9110, 8.8.3.2)."""
        return self.is_any or etag.removeprefix("W/")[1:-1] in self.all


class Preconditions:
    """The preconditions of a request; each is None without its header.

    If-Match is true for a resource with one of its entity tags, If-None-Match for one with none of
    them. A request is done only if both are.
    """

    def __init__(
        self, if_match: EntityTags | None = None, if_none_match: EntityTags | None = None
    ) -> None:
        self.if_match = if_match
        self.if_none_match = if_none_match

    def is_not_modified(self, etag: str) -> bool:
        """Whether the caller of a GET or HEAD has the resource with this ETag already.

        Raises:
            PreconditionFailed: If-Match is false.
        """
        if self.if_match and not self.if_match.match_strongly(etag):
            raise PreconditionFailed("The resource has another ETag than If-Match. Get it again.")
        return bool(self.if_none_match and self.if_none_match.match_weakly(etag))
