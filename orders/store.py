"""The orders table: an order is put once and processed once, each by one conditional write."""

from uuid import UUID, uuid5

from aws.dynamodb import ConditionFailed, DynamoDB, Item, to_python
from aws.times import format_time
from orders.payload import StoredOrder

# What an order's id derives from, besides its user and key: another one, and the repeats of what
# was ordered before would be new orders.
NAMESPACE = UUID("9a0b5e0c-52f2-4c5b-8d51-3e0f5f0c7a11")


class NotPlacedError(Exception):
    """Raised when there is no order of that id that was placed; says what there is."""


def make_order_id(user_id: str, key: str) -> str:
    """Return the id of the order that a user places under a key: a UUID of version 5.

    https://www.rfc-editor.org/rfc/rfc9562#section-5.5
    """
    return str(uuid5(NAMESPACE, f"{user_id}\0{key}"))


class OrderStore:
    """What is kept of orders, under `PK` = `SK` = `ORDER#` and the id.

    The index GSI1 has each user's orders, `GSI1PK` = `USER#` and the user's id, by date. Every
    method takes its `deadline` in seconds of `time.monotonic`, and may raise `Unavailable`.
    """

    def __init__(self, dynamodb: DynamoDB, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def find(self, order_id: str, deadline: float) -> StoredOrder | None:
        """Return the order of that id, or None."""
        found = self._dynamodb.get_item(
            deadline, TableName=self._table, Key=_key(order_id), ConsistentRead=True
        )
        return _order(found) if found else None

    def place(self, order: StoredOrder, deadline: float) -> StoredOrder:
        """Keep an order unless there is one of its id; return the one that is kept."""
        try:
            self._dynamodb.put_item(
                deadline,
                TableName=self._table,
                Item=_item(order),
                ConditionExpression="attribute_not_exists(PK)",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except ConditionFailed as failed:
            if failed.item is None:
                raise
            return _order(failed.item)
        return order

    def process(self, order_id: str, now: float, deadline: float) -> None:
        """Mark the products of an order as processed; if they are, that changes nothing.

        Takes `now` in seconds since the epoch.

        Raises:
            NotPlacedError: there is no order of that id that was placed.
        """
        try:
            self._dynamodb.update_item(
                deadline,
                TableName=self._table,
                Key=_key(order_id),
                UpdateExpression="SET cart_product_status = :processed, processed_at = :now",
                ConditionExpression="order_status = :ordered AND cart_product_status = :pending",
                ExpressionAttributeValues={
                    ":ordered": {"S": "ORDERED"},
                    ":pending": {"S": "PENDING"},
                    ":processed": {"S": "PROCESSED"},
                    ":now": {"S": format_time(now)},
                },
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except ConditionFailed as failed:
            if failed.item is None:
                raise NotPlacedError("There is no such order.") from None
            if failed.item.get("order_status") != {"S": "ORDERED"}:
                raise NotPlacedError("The order has not been placed.") from None
            if failed.item.get("cart_product_status") != {"S": "PROCESSED"}:
                raise NotPlacedError("The order neither waits nor is processed.") from None


def _key(order_id: str) -> Item:
    return {"PK": {"S": f"ORDER#{order_id}"}, "SK": {"S": f"ORDER#{order_id}"}}


def _item(order: StoredOrder) -> Item:
    lines = [
        {
            "item_id": {"S": line.item_id},
            "name": {"S": line.name},
            "price": {"N": str(line.price)},
            "quantity": {"N": str(line.quantity)},
        }
        for line in order.order_items
    ]
    return {
        **_key(order.order_id),
        "GSI1PK": {"S": f"USER#{order.user_id}"},
        "GSI1SK": {"S": f"ORDER#{order.order_date}#{order.order_id}"},
        "order_id": {"S": order.order_id},
        "user_id": {"S": order.user_id},
        "order_status": {"S": order.order_status},
        "cart_product_status": {"S": order.cart_product_status},
        "order_items": {"L": [{"M": line} for line in lines]},
        "order_total": {"N": str(order.order_total)},
        "order_date": {"S": order.order_date},
    }


def _order(item: Item) -> StoredOrder:
    return StoredOrder.model_validate(to_python({"M": item}))
