"""Entity tags of items: their versions, in quotes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from items.store import OPERANDS_MAX

if TYPE_CHECKING:
    from gateway import EntityTags
    from items.payload import Item

DIGITS_MAX = 18  # Of a version.


def make_etag(item: Item) -> str:
    """Return the entity tag of an item."""
    return f'"{item.version}"'


def list_versions(tags: EntityTags) -> list[int] | None:
    """Return the versions that entity tags name, or None for any version."""
    if tags.is_any:
        return None
    # Other tags match no item. DynamoDB compares with no more than OPERANDS_MAX.
    return [int(tag) for tag in tags.strong if _is_version(tag)][:OPERANDS_MAX]


def _is_version(tag: str) -> bool:
    is_number = tag.isascii() and tag.isdigit() and tag[0] != "0"
    return is_number and len(tag) <= DIGITS_MAX
