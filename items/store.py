"""The items table: every write is one conditional transaction, so no update is lost."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from aws.dynamodb import Number, TransactionCanceled, marshal, unmarshal
from items.payload import Item

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    from mypy_boto3_dynamodb.type_defs import ScanInputTypeDef, TransactWriteItemTypeDef

    from aws.dynamodb import DynamoDB
    from items.payload import NewItem
    from items.versions import Versions


class UnknownItemError(Exception):
    """Raised when there is no item with the id."""


class StaleVersionError(Exception):
    """Raised when the item has none of the versions that a write may change."""


class ItemStore:
    """The items, under `pk` = `sk` = id.

    A call whose response was lost is retried, and no response is false:

    - A write is a transaction with a token. If an earlier attempt was done, DynamoDB does not do it
      again, and the retry succeeds, whatever other writers did since: replace the item again,
      delete it, or find the new item and delete it.
    - A write to an item is conditional on exactly one version. Versions only grow, and ids do not
      come back. So once the condition is false, no attempt was done, and none that is still on its
      way can be done later: the item may be unknown or stale, or the write may start again on
      another version.
    - If no attempt gets a response before the deadline, the outcome is unknown: `Unavailable`.

    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html#transaction-apis-txwriteitems-idempotency

    Deadlines are in seconds of `time.monotonic`. Every method may raise `Unavailable`.
    """

    def __init__(self, dynamodb: DynamoDB, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def create(
        self, item_id: str, new: NewItem, deadline: float, *others: TransactWriteItemTypeDef
    ) -> Item:
        """Create an item, as version 1, together with other actions: all are done, or none.

        Raises:
            TransactionCanceled: another item has the id, or a condition of the others is false.
        """
        item = first_version(item_id, new)
        self._transact(
            deadline,
            {
                "Put": {
                    "TableName": self._table,
                    "Item": _values(item),
                    "ConditionExpression": "attribute_not_exists(pk)",
                }
            },
            *others,
        )
        return item

    def get(self, item_id: str, deadline: float) -> Item | None:
        """Return an item, or None."""
        response = self._dynamodb.call(
            "GetItem", deadline, TableName=self._table, Key=_key(item_id), ConsistentRead=True
        )
        return _item(unmarshal(response["Item"], Number)) if "Item" in response else None

    def get_many(self, item_ids: Iterable[str], deadline: float) -> dict[str, Item]:
        """Return up to 100 items by id, without those that do not exist.

        The read is consistent: a caller may order an item that they have just created.
        """
        keys = [{"pk": item_id, "sk": item_id} for item_id in sorted(item_ids)]
        values = self._dynamodb.batch_get(self._table, keys, deadline, is_consistent=True)
        return {each["pk"]: _item(each) for each in values}

    def replace(self, item_id: str, new: NewItem, versions: Versions, deadline: float) -> Item:
        """Replace an item that has one of these versions; return the new version.

        Raises:
            UnknownItemError: there is no such item.
            StaleVersionError: it has another version.
        """

        def make_item(version: int) -> Item:
            return first_version(item_id, new).model_copy(update={"version": version + 1})

        def put(version: int) -> Any:
            return {"Put": {"Item": _values(make_item(version)), **self._condition(version)}}

        return make_item(self._write(put, versions, deadline))

    def delete(self, item_id: str, versions: Versions, deadline: float) -> None:
        """Delete an item that has one of these versions.

        Raises:
            UnknownItemError: there is no such item.
            StaleVersionError: it has another version.
        """

        def delete(version: int) -> Any:
            return {"Delete": {"Key": _key(item_id), **self._condition(version)}}

        self._write(delete, versions, deadline)

    def list(
        self, limit: int, after: str | None, deadline: float, *, is_consistent: bool
    ) -> tuple[list[Item], bool]:
        """Return up to `limit` items after the one with the id `after`, and whether more follow.

        The order is DynamoDB's own. It stays the same while items are created and deleted. At most
        `limit` + 1 items are read. An eventually consistent read, for half the price, may miss the
        changes of the last moments.
        """
        found: list[dict[str, Any]] = []
        request: ScanInputTypeDef = {"TableName": self._table, "ConsistentRead": is_consistent}
        if after:
            request["ExclusiveStartKey"] = _key(after)
        while len(found) <= limit:
            request["Limit"] = limit + 1 - len(found)  # One more shows whether more follow.
            response = self._dynamodb.call("Scan", deadline, **request)
            found += [unmarshal(item, Number) for item in response["Items"]]
            if "LastEvaluatedKey" not in response:
                break
            request["ExclusiveStartKey"] = response["LastEvaluatedKey"]
        return [_item(each) for each in found[:limit]], len(found) > limit

    def _write(self, make_action: Callable[[int], Any], versions: Versions, deadline: float) -> int:
        """Do an action to an item that has one of these versions; return which.

        Raises:
            UnknownItemError: there is no such item.
            StaleVersionError: it has another version.
        """
        version = _guess(versions)
        while True:  # Until the deadline, and only while other writers are faster.
            try:
                self._transact(deadline, make_action(version))
            except TransactionCanceled as canceled:
                version = _find_version(canceled, versions)
            else:
                return version

    def _transact(self, deadline: float, *actions: TransactWriteItemTypeDef) -> None:
        """Do all actions, or none if a condition is false."""
        token = os.urandom(16).hex()
        self._dynamodb.call(
            "TransactWriteItems", deadline, TransactItems=actions, ClientRequestToken=token
        )

    def _condition(self, version: int) -> Any:
        """Return the part of an action that makes it conditional on a version of the item."""
        return {
            "TableName": self._table,
            "ConditionExpression": "version = :version",
            "ExpressionAttributeValues": marshal({":version": version}),
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        }


def first_version(item_id: str, new: NewItem) -> Item:
    """Return version 1 of an item."""
    price = _format_price(new.price)
    return Item(id=item_id, name=new.name, price=price, description=new.description, version=1)


def _guess(versions: Versions) -> int:
    """Return a version to try first: one that is listed, or 1, or 0, which no item has."""
    first = [1] if versions.are_excluded else versions.listed[:1]
    return next((version for version in first if version in versions), 0)


def _find_version(canceled: TransactionCanceled, versions: Versions) -> int:
    """Return the version that a write found instead of the one it tried, to try that."""
    (found,) = canceled.items
    if not found:
        raise UnknownItemError from None
    version = int(found["version"]["N"])
    if version not in versions:
        raise StaleVersionError from None
    return version


def _key(item_id: str) -> Any:
    return marshal({"pk": item_id, "sk": item_id})


def _values(item: Item) -> Any:
    values = {"name": item.name, "price": Number(item.price), "description": item.description}
    return {**_key(item.id), **marshal({**values, "version": item.version})}


def _item(values: dict[str, Any]) -> Item:
    return Item(
        id=values["pk"],
        name=values["name"],
        price=_format_price(str(values["price"])),
        description=values["description"],
        version=int(values["version"]),
    )


def _format_price(number: str) -> str:
    """Return a number as a price, with two decimals."""
    whole, _, decimals = number.partition(".")
    if whole.isdecimal() and len(decimals) <= 2:  # noqa: PLR2004
        return f"{whole}.{decimals:0<2}"
    from decimal import Decimal  # noqa: PLC0415 (takes 3 ms; no function here writes such a number)

    return f"{Decimal(number):.2f}"
