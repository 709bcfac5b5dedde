"""The idempotency keys of `POST /items`: each caller's key creates one item."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws.dynamodb import TransactionCanceled, marshal, unmarshal
from invocation.digests import sha256
from invocation.json_text import to_json
from items.store import first_version

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import PutTypeDef

    from items.payload import Item, NewItem
    from items.store import ItemStore

KEPT_S = 30 * 24 * 3600  # How long a key is remembered.


class KeyReusedError(Exception):
    """Raised when an idempotency key was used with another body before."""


class ItemKeys:
    """The table of keys, under `pk` = a hash of the caller and the key, until `expires_at`.

    They are not among the items, because the listing scans those.
    """

    def __init__(self, items: ItemStore, table: str) -> None:
        self._items = items
        self._table = table

    def create_once(  # noqa: PLR0913
        self, caller_id: str, key: str, item_id: str, new: NewItem, *, now: float, deadline: float
    ) -> Item:
        """Create an item and remember the key, unless that was done before.

        Return version 1 of the item that the key created, even if it was replaced or deleted since.
        `now` is in seconds since the epoch, `deadline` in seconds of `time.monotonic`.

        Raises:
            KeyReusedError: the key was used with another body.
            Unavailable: the tables did not respond in time.
        """
        digest = _digest(new)
        record = {
            "pk": sha256(f"{caller_id}\0{key}".encode()).hex(),
            "item_id": item_id,
            "digest": digest,
            "expires_at": int(now) + KEPT_S,
        }
        put: PutTypeDef = {
            "TableName": self._table,
            "Item": marshal(record),
            "ConditionExpression": "attribute_not_exists(pk)",
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        }
        try:
            return self._items.create(item_id, new, deadline, {"Put": put})
        except TransactionCanceled as canceled:
            _, stored = map(unmarshal, canceled.items)
            if not stored:
                raise
        if stored["digest"] != digest:
            raise KeyReusedError
        return first_version(stored["item_id"], new)


def _digest(new: NewItem) -> str:
    """Return a digest of the item that a body creates."""
    item = first_version("", new)
    return sha256(to_json([item.name, item.price, item.description]).encode()).hex()
