"""Conditions of a request: the entity tags of If-Match and If-None-Match (RFC 9110, 13.1)."""

from __future__ import annotations

import re

ENTITY_TAG = r'(W/)?"([\x21\x23-\x7e\x80-\xff]*)"'
LIST = re.compile(rf"\s*{ENTITY_TAG}\s*(,\s*{ENTITY_TAG}\s*)*")


class EntityTags:
    """The tags of a list, or any tag.

    `strong` are those, without their quotes, by which If-Match compares; `all` has the weak ones,
    too, as If-None-Match does.

    Raises:
        ValueError: it is no such list.
    """

    def __init__(self, listed: str) -> None:
        self.is_any = listed.strip() == "*"
        if not self.is_any and not LIST.fullmatch(listed):
            raise ValueError("no list of entity tags")
        tags = re.findall(ENTITY_TAG, listed)
        self.strong = [tag for weak, tag in tags if not weak]
        self.all = [tag for _, tag in tags]
