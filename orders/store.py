"""The orders table: an order is created once and processed once, each by one conditional write."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws.dynamodb import ConditionFailed, marshal, unmarshal
from aws.times import format_time
from orders.payload import StoredOrder

if TYPE_CHECKING:
    from typing import Any

    from aws.dynamodb import DynamoDB


class NotPlacedError(Exception):
    """Raised when an order cannot be processed; the text says why."""


class OrderStore:
    """The orders, under `PK` = `SK` = `ORDER#` and the id.

    The index GSI1 has the orders of each user, under `GSI1PK` = `USER#` and the user's id, by date.
    Every method takes its `deadline` in seconds of `time.monotonic`, and may raise `Unavailable`.

    A write whose response was lost is retried, which is safe without a token: orders are neither
    replaced nor deleted, so a retry of a creation finds the order of this request or of an earlier
    one with its key; and once processed, an order stays so, whoever marked it.
    """

    def __init__(self, dynamodb: DynamoDB, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def get(self, order_id: str, deadline: float) -> StoredOrder | None:
        """Return an order, or None."""
        response = self._dynamodb.call(
            "GetItem",
            deadline,
            TableName=self._table,
            Key=marshal(_key(order_id)),
            ConsistentRead=True,
        )
        return _order(unmarshal(response["Item"])) if "Item" in response else None

    def create(self, order: StoredOrder, deadline: float) -> StoredOrder:
        """Store an order unless one with its id is stored; return the stored one.

        That may be an order of another request: compare it.
        """
        try:
            self._dynamodb.call(
                "PutItem",
                deadline,
                TableName=self._table,
                Item=marshal(_values(order)),
                ConditionExpression="attribute_not_exists(PK)",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except ConditionFailed as failed:
            if failed.item is None:
                raise
            return _order(failed.item)
        return order

    def mark_processed(self, order_id: str, now: float, deadline: float) -> None:
        """Mark the products of an order as processed. Doing that again changes nothing.

        `now` is in seconds since the epoch.

        Raises:
            NotPlacedError: there is no order with the id, it was not placed, or it is neither
                pending nor processed.
        """
        try:
            self._dynamodb.call(
                "UpdateItem",
                deadline,
                TableName=self._table,
                Key=marshal(_key(order_id)),
                UpdateExpression="SET cart_product_status = :processed, processed_at = :now",
                ConditionExpression="order_status = :ordered AND cart_product_status = :pending",
                ExpressionAttributeValues=marshal(
                    {
                        ":ordered": "ORDERED",
                        ":pending": "PENDING",
                        ":processed": "PROCESSED",
                        ":now": format_time(now),
                    }
                ),
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except ConditionFailed as failed:
            if failed.item is None:
                raise NotPlacedError("There is no such order.") from None
            if failed.item.get("order_status") != "ORDERED":
                raise NotPlacedError("The order has not been placed.") from None
            if failed.item.get("cart_product_status") != "PROCESSED":
                raise NotPlacedError("The order is neither pending nor processed.") from None


def _key(order_id: str) -> dict[str, str]:
    return {"PK": f"ORDER#{order_id}", "SK": f"ORDER#{order_id}"}


def _values(order: StoredOrder) -> dict[str, Any]:
    return {
        **_key(order.order_id),
        "GSI1PK": f"USER#{order.user_id}",
        "GSI1SK": f"ORDER#{order.order_date}#{order.order_id}",
        **dict(order),
        "order_items": [dict(line) for line in order.order_items],
    }


def _order(values: dict[str, Any]) -> StoredOrder:
    return StoredOrder.model_validate(values)
