"""Orders for tests, valid and invalid."""

import json
from decimal import Decimal
from random import Random
from typing import Any

from orders.ids import make_order_id
from orders.payload import StoredLine, StoredOrder

RNG = Random(__name__)
ITEM_ID = "01a1fac9-840f-7689-96e1-b783bdec023a"


def new_order(user_id: str = "user", lines: int = 1) -> StoredOrder:
    """Return an order that is not stored yet."""
    line = StoredLine(item_id=ITEM_ID, name="Löwe", price=Decimal("1.50"), quantity=2)
    return StoredOrder(
        order_id=make_order_id(user_id, f"{RNG.getrandbits(128):x}", b""),
        user_id=user_id,
        order_status="ORDERED",
        cart_product_status="PENDING",
        order_items=[line] * lines,
        order_total=Decimal(3) * lines,
        order_date="2026-11-21T00:00:00.000Z",
    )


def key_of(order_id: str) -> dict[str, Any]:
    """Return the table's key of an order."""
    return {name: {"S": f"ORDER#{order_id}"} for name in ("PK", "SK")}


def image_of(order: StoredOrder, **invalid: Any) -> dict[str, Any]:
    """Return an order as DynamoDB has it; `invalid` replaces attributes."""
    line = order.order_items[0]
    image = {
        **key_of(order.order_id),
        "order_id": {"S": order.order_id},
        "user_id": {"S": order.user_id},
        "order_status": {"S": "ORDERED"},
        "cart_product_status": {"S": "PENDING"},
        "order_items": {
            "L": [
                {
                    "M": {
                        "item_id": {"S": line.item_id},
                        "name": {"S": line.name},
                        "price": {"N": str(line.price)},
                        "quantity": {"N": str(line.quantity)},
                    }
                }
            ]
            * len(order.order_items)
        },
        "order_total": {"N": str(order.order_total)},
        "order_date": {"S": order.order_date},
    }
    return image | invalid


def cart(order_id: str) -> str:
    """Return the message of an order."""
    lines = [{"item_id": ITEM_ID, "quantity": 2}]
    return json.dumps({"order_id": order_id, "order_items": lines})


# Attributes that make an item of the table invalid as an order, by what is wrong.
INVALID: dict[str, dict[str, Any]] = {
    "an invalid id": {"order_id": {"S": "42"}},
    "a number for a name": {"user_id": {"N": "42"}},
    "no lines": {"order_items": {"L": []}},
    "empty lines": {"order_items": {"L": [{"M": {}}]}},
    "a total in words": {"order_total": {"S": "3.00"}},
    "a total with three decimals": {"order_total": {"N": "0.333"}},
    "an unknown status": {"cart_product_status": {"S": "LOST"}},
    "no date": {"order_date": {"NULL": True}},
    "bytes": {"order_date": {"B": b"\x00"}},
}
# Bodies that are not valid messages.
INVALID_BODIES = [
    "rubbish",
    "{}",
    "[]",
    "null",
    '{"order_id": "42", "order_items": []}',
    '{"order_id": 42, "\\u0000\\ud83d\\ude00": true}',
    "😀" * 1000,
]
