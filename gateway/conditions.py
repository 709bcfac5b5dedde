"""Conditional requests: the entity tags of If-Match and If-None-Match (RFC 9110, 13.1)."""

from __future__ import annotations

import re

ENTITY_TAG = r'(W/)?"([\x21\x23-\x7e\x80-\xff]*)"'
LIST = re.compile(rf"\s*{ENTITY_TAG}\s*(,\s*{ENTITY_TAG}\s*)*")


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
        if not self.is_any and not LIST.fullmatch(header):
            raise ValueError("not a list of entity tags")
        tags = re.findall(ENTITY_TAG, header)
        self.strong = [tag for weak, tag in tags if not weak]
        self.all = [tag for _, tag in tags]
