"""The items table: every write is one conditional write, so no update is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws.dynamodb import ConditionFailed, Number, marshal, unmarshal
from items.payload import Item

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import Any, TypeVar

    from mypy_boto3_dynamodb.type_defs import (
        DeleteItemInputTypeDef,
        ScanInputTypeDef,
        UpdateItemOutputTypeDef,
    )

    from aws.dynamodb import DynamoDB
    from items.payload import NewItem
    from items.versions import Versions

    T = TypeVar("T")

OPERANDS_MAX = 100  # Of DynamoDB's IN.
NOT_WRITTEN_BY_THIS_CALL = "(attribute_not_exists(written) OR written <> :written)"


class UnknownItemError(Exception):
    """Raised when there is no item with the id."""


class StaleVersionError(Exception):
    """Raised when the item has none of the versions that a write may change."""


class ItemStore:
    """The items, under `pk` = `sk` = id.

    A write whose outcome is unknown is retried. The retry succeeds if it finds the effect of the
    first attempt: the created item, no item after a delete, or an item whose `written` is the nonce
    of this replacement. Deadlines are in seconds of `time.monotonic`. Every method may raise
    `Unavailable`.
    """

    def __init__(self, dynamodb: DynamoDB, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def create(self, item_id: str, new: NewItem, deadline: float) -> Item:
        """Create an item, as version 1.

        Raises:
            ConditionFailed: another item has the id.
        """
        values = {**_key(item_id), **_values(new), "version": 1}
        try:
            self._dynamodb.call(
                "PutItem",
                deadline,
                TableName=self._table,
                Item=marshal(values),
                ConditionExpression="attribute_not_exists(pk)",
            )
        except ConditionFailed as failed:
            if not failed.outcome_unknown:
                raise
        return _item(values)

    def get(self, item_id: str, deadline: float) -> Item | None:
        """Return an item, or None."""
        response = self._dynamodb.call(
            "GetItem",
            deadline,
            TableName=self._table,
            Key=marshal(_key(item_id)),
            ConsistentRead=True,
        )
        return _item(unmarshal(response["Item"], Number)) if "Item" in response else None

    def get_many(self, item_ids: Iterable[str], deadline: float) -> dict[str, Item]:
        """Return up to 100 items by id, without those that do not exist.

        The read is consistent: a caller may order an item that they have just created.
        """
        keys = [_key(item_id) for item_id in sorted(item_ids)]
        values = self._dynamodb.batch_get(self._table, keys, deadline, is_consistent=True)
        return {each["pk"]: _item(each) for each in values}

    def replace(
        self,
        item_id: str,
        new: NewItem,
        versions: Versions,
        *,
        nonce: str,
        deadline: float,
    ) -> Item:
        """Replace an item that has one of these versions.

        The `nonce` must be unique to this call.

        Raises:
            UnknownItemError: there is no such item.
            StaleVersionError: it has another version.
        """
        values = _values(new) | {"written": nonce}
        sets = ["version = version + :one", *(f"#{name} = :{name}" for name in values)]
        operands = {":one": 1, **{f":{name}": values[name] for name in values}}

        def replace_if(condition: str, expected: dict[str, int]) -> UpdateItemOutputTypeDef:
            return self._dynamodb.call(
                "UpdateItem",
                deadline,
                TableName=self._table,
                Key=marshal(_key(item_id)),
                UpdateExpression=f"SET {', '.join(sets)}",
                ConditionExpression=f"{condition} AND {NOT_WRITTEN_BY_THIS_CALL}",
                ExpressionAttributeNames={f"#{name}": name for name in values},
                ExpressionAttributeValues=marshal({**operands, **expected}),
                ReturnValues="ALL_NEW",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )

        try:
            response = _write_to(versions, replace_if)
        except ConditionFailed as failed:
            if failed.item is None:
                raise UnknownItemError from None
            if failed.item.get("written") != nonce:
                raise StaleVersionError from None
            return _item(failed.item)
        return _item(unmarshal(response["Attributes"], Number))

    def delete(self, item_id: str, versions: Versions, deadline: float) -> None:
        """Delete an item that has one of these versions.

        Raises:
            UnknownItemError: there is no such item.
            StaleVersionError: it has another version.
        """
        request: DeleteItemInputTypeDef = {
            "TableName": self._table,
            "Key": marshal(_key(item_id)),
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        }

        def delete_if(condition: str, expected: dict[str, int]) -> None:
            request["ConditionExpression"] = condition
            if expected:  # DynamoDB refuses an empty map.
                request["ExpressionAttributeValues"] = marshal(expected)
            self._dynamodb.call("DeleteItem", deadline, **request)

        try:
            _write_to(versions, delete_if)
        except ConditionFailed as failed:
            if failed.item is not None:
                raise StaleVersionError from None
            if not failed.outcome_unknown:
                raise UnknownItemError from None

    def list(self, limit: int, after: str | None, deadline: float) -> tuple[list[Item], bool]:
        """Return up to `limit` items after the one with the id `after`, and whether more follow.

        The order is DynamoDB's own. It stays the same while items are created and deleted.
        """
        found: list[dict[str, Any]] = []
        request: ScanInputTypeDef = {"TableName": self._table, "ConsistentRead": True}
        if after:
            request["ExclusiveStartKey"] = marshal(_key(after))
        while len(found) <= limit:
            request["Limit"] = limit + 1 - len(found)  # One more shows whether more follow.
            response = self._dynamodb.call("Scan", deadline, **request)
            found += [unmarshal(item, Number) for item in response["Items"]]
            if "LastEvaluatedKey" not in response:
                break
            request["ExclusiveStartKey"] = response["LastEvaluatedKey"]
        return [_item(each) for each in found[:limit]], len(found) > limit


def _write_to(versions: Versions, write_if: Callable[[str, dict[str, int]], T]) -> T:
    """Write to an item that has one of these versions, by one conditional write if possible.

    `write_if` gets the condition and its operands. If a condition cannot express the versions, one
    that is never true returns the item, and the next has exactly its version.

    Raises:
        ConditionFailed: the item has another version, or does not exist.
    """
    expected = _find_first_expected(versions)
    while True:  # Until the deadline, and only while other writers are faster.
        try:
            return write_if(*_expect(expected))
        except ConditionFailed as failed:
            failed.outcome_unknown &= expected != []  # Such an attempt did not write.
            if not failed.item or failed.outcome_unknown or failed.item["version"] not in versions:
                raise
            expected = [failed.item["version"]]


def _find_first_expected(versions: Versions) -> Sequence[int] | None:
    if versions.are_excluded:
        return [] if versions.listed else None
    return versions.listed if len(versions.listed) <= OPERANDS_MAX else []


def _expect(versions: Sequence[int] | None) -> tuple[str, dict[str, int]]:
    """Return the condition that an item has one of some versions, or any, and its operands."""
    if versions is None:
        return "attribute_exists(pk)", {}
    # No item has version 0.
    operands = {f":version{place}": each for place, each in enumerate(versions or [0])}
    return f"version IN ({', '.join(operands)})", operands


def _key(item_id: str) -> dict[str, str]:
    return {"pk": item_id, "sk": item_id}


def _values(new: NewItem) -> dict[str, Any]:
    return {"name": new.name, "price": Number(new.price), "description": new.description}


def _item(values: dict[str, Any]) -> Item:
    return Item(
        id=values["pk"],
        name=values["name"],
        price=_format_price(str(values["price"])),
        description=values["description"],
        version=int(values["version"]),
    )


def _format_price(number: str) -> str:
    """Return a number of the table as a price."""
    whole, _, decimals = number.partition(".")
    if whole.isdecimal() and len(decimals) <= 2:  # noqa: PLR2004
        return f"{whole}.{decimals:0<2}"
    from decimal import Decimal  # noqa: PLC0415 (takes 3 ms; no function here writes such a number)

    return f"{Decimal(number):.2f}"
