"""The items table: each write is a single conditional one, so that no update is ever lost."""

import re
from decimal import Decimal
from typing import Any

from aws.dynamodb import ConditionFailed, DynamoDB
from gateway import EntityTags
from items.payload import Item, NewItem

VERSION = re.compile(r"[1-9][0-9]{0,17}")
NOT_WRITTEN = "(attribute_not_exists(written) OR written <> :written)"
OPERANDS_MAX = 100  # Of IN, says DynamoDB.

Values = dict[str, Any]  # As DynamoDB has them: from names to {"S": "a"} and the like.


class UnknownItemError(Exception):
    """Raised when there is no item of that id."""


class StaleVersionError(Exception):
    """Raised when an item's version is none of those that were expected."""


class ItemStore:
    """What is kept of items, under `pk` = `sk` = id. Every method may raise `Unavailable`.

    A write that was not answered is tried again, and then meets what it did itself: an item that it
    put or deleted, or one that bears the same `written` (a nonce). That is a success.
    """

    def __init__(self, dynamodb: DynamoDB, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def create(self, item_id: str, new: NewItem, deadline: float) -> Item:
        """Keep a new item, under an id that no other has."""
        item = {**_key(item_id), **_values(new), "version": {"N": "1"}}
        try:
            self._dynamodb.put_item(
                deadline,
                TableName=self._table,
                Item=item,
                ConditionExpression="attribute_not_exists(pk)",
            )
        except ConditionFailed as failed:
            if not failed.may_be_ours:
                raise
        return _item(item)

    def read(self, item_id: str, deadline: float) -> Item:
        """Return the item of that id.

        Raises:
            UnknownItemError: there is none.
        """
        found = self._dynamodb.get_item(
            deadline, TableName=self._table, Key=_key(item_id), ConsistentRead=True
        )
        if found is None:
            raise UnknownItemError
        return _item(found)

    def replace(
        self, item_id: str, new: NewItem, expected: EntityTags, written: str, deadline: float
    ) -> Item:
        """Replace the item of that id if it has an expected version, and return it.

        Raises:
            UnknownItemError: there is none.
            StaleVersionError: it has another version.
        """
        condition, versions = _expect(expected)
        values = _values(new) | {"written": {"S": written}}
        sets = ["version = version + :one", *(f"#{name} = :{name}" for name in values)]
        try:
            replaced = self._dynamodb.update_item(
                deadline,
                TableName=self._table,
                Key=_key(item_id),
                UpdateExpression=f"SET {', '.join(sets)}",
                ConditionExpression=f"{condition} AND {NOT_WRITTEN}",
                ExpressionAttributeNames={f"#{name}": name for name in values},
                ExpressionAttributeValues={
                    ":one": {"N": "1"},
                    **{f":{name}": value for name, value in values.items()},
                    **versions,
                },
                ReturnValues="ALL_NEW",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except ConditionFailed as failed:
            if failed.item is None:
                raise UnknownItemError from None
            if failed.item.get("written") != {"S": written}:
                raise StaleVersionError from None
            replaced = failed.item
        return _item(replaced)

    def delete(self, item_id: str, expected: EntityTags | None, deadline: float) -> None:
        """Delete the item of that id, if it has an expected version where some are.

        Raises:
            UnknownItemError: there is none.
            StaleVersionError: it has another version.
        """
        condition, versions = _expect(expected) if expected else ("attribute_exists(pk)", {})
        values = {"ExpressionAttributeValues": versions} if versions else {}
        try:
            self._dynamodb.delete_item(
                deadline,
                TableName=self._table,
                Key=_key(item_id),
                ConditionExpression=condition,
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
                **values,
            )
        except ConditionFailed as failed:
            if failed.item is not None:
                raise StaleVersionError from None
            if not failed.may_be_ours:
                raise UnknownItemError from None

    def read_page(self, limit: int, after: str | None, deadline: float) -> tuple[list[Item], bool]:
        """Return up to `limit` items that come after one, and whether there are more.

        Their order is DynamoDB's own, which does not change as others come and go.
        """
        found: list[Values] = []
        start = {"ExclusiveStartKey": _key(after)} if after else {}
        while len(found) <= limit:
            # One more than asked for, to know whether it is there.
            items, key = self._dynamodb.scan(
                deadline,
                TableName=self._table,
                Limit=limit + 1 - len(found),
                ConsistentRead=True,
                **start,
            )
            found += items
            if key is None:
                break
            start = {"ExclusiveStartKey": key}
        return [_item(each) for each in found[:limit]], len(found) > limit


def _expect(tags: EntityTags) -> tuple[str, Values]:
    """Return the condition that an item has one of the versions, and the values in it."""
    if tags.is_any:
        return "attribute_exists(pk)", {}
    # What is no version of ours is none that an item could have.
    versions = list(filter(VERSION.fullmatch, tags.strong))[:OPERANDS_MAX] or ["0"]
    values = {f":version{index}": {"N": version} for index, version in enumerate(versions)}
    return f"version IN ({', '.join(values)})", values


def _key(item_id: str) -> Values:
    return {"pk": {"S": item_id}, "sk": {"S": item_id}}


def _values(new: NewItem) -> Values:
    return {
        "name": {"S": new.name},
        "price": {"N": str(Decimal(new.price))},
        "description": {"NULL": True} if new.description is None else {"S": new.description},
    }


def _item(values: Values) -> Item:
    return Item(
        id=values["pk"]["S"],
        name=values["name"]["S"],
        price=f"{Decimal(values['price']['N']):.2f}",
        description=values["description"].get("S"),
        version=int(values["version"]["N"]),
    )
