"""Prices an order from the catalogue."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from orders.payload import StoredLine, StoredOrder

if TYPE_CHECKING:
    from collections.abc import Mapping

    from items.payload import Item
    from orders.payload import Line, NewOrder


class UnorderableError(Exception):
    """Raised when lines of an order cannot be ordered; `lines` has the reason for each index."""

    def __init__(self, lines: dict[int, str]) -> None:
        super().__init__(lines)
        self.lines = lines


def price_order(
    order_id: str, order: NewOrder, items: Mapping[str, Item], order_date: str
) -> StoredOrder:
    """Return a new order with names, prices and total.

    `items` maps ids to items of the catalogue; `order_date` is in RFC 3339.

    Raises:
        UnorderableError: an item is not in the catalogue, or is in two lines.
    """
    if unorderable := _find_unorderable(order.order_items, items):
        raise UnorderableError(unorderable)
    lines = [
        StoredLine(
            item_id=line.item_id,
            name=items[line.item_id].name,
            price=Decimal(items[line.item_id].price),
            quantity=line.quantity,
        )
        for line in order.order_items
    ]
    return StoredOrder(
        order_id=order_id,
        user_id=order.user_id,
        order_status="ORDERED",
        cart_product_status="PENDING",
        order_items=lines,
        order_total=sum((line.price * line.quantity for line in lines), Decimal(0)),
        order_date=order_date,
    )


def _find_unorderable(lines: list[Line], items: Mapping[str, Item]) -> dict[int, str]:
    unorderable, seen = {}, set()
    for index, line in enumerate(lines):
        if line.item_id in seen:
            unorderable[index] = "The item is in an earlier line"
        elif line.item_id not in items:
            unorderable[index] = "There is no such item"
        seen.add(line.item_id)
    return unorderable
