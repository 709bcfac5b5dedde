"""Entity tags of items: their versions, in quotes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from items.versions import Versions

if TYPE_CHECKING:
    from gateway import Preconditions
    from items.payload import Item

DIGITS_MAX = 18  # Of a version.


def make_etag(item: Item) -> str:
    """Return the entity tag of an item."""
    return f'"{item.version}"'


def find_versions(preconditions: Preconditions) -> Versions:
    """Return the versions of an item for which the preconditions are true."""
    if_match, if_none_match = preconditions.if_match, preconditions.if_none_match
    if if_none_match and if_none_match.is_any:
        return Versions([])
    excluded = _list_versions(if_none_match.all) if if_none_match else []
    if if_match is None or if_match.is_any:
        return Versions(excluded, are_excluded=True)
    others = set(excluded)  # Both lists may have a thousand tags.
    return Versions([each for each in _list_versions(if_match.strong) if each not in others])


def _list_versions(tags: list[str]) -> list[int]:
    """Return the versions that tags name. Other tags match no item."""
    return [int(tag) for tag in tags if _is_version(tag)]


def _is_version(tag: str) -> bool:
    is_number = tag.isascii() and tag.isdigit() and tag[0] != "0"
    return is_number and len(tag) <= DIGITS_MAX
