"""What an order costs: the catalogue's prices, as they are when it is placed."""

from collections.abc import Mapping
from decimal import Decimal

from orders.catalogue import Product
from orders.payload import Line, NewOrder, StoredLine, StoredOrder


class UnorderableError(Exception):
    """Raised when lines of an order cannot be ordered; says why, by the index of each."""

    def __init__(self, lines: dict[int, str]) -> None:
        super().__init__(lines)
        self.lines = lines


def price(
    order_id: str, order: NewOrder, products: Mapping[str, Product], order_date: str
) -> StoredOrder:
    """Return the order with the names and prices of its items, and its total.

    Raises:
        UnorderableError: an item is not there, or is in two lines.
    """
    if unorderable := _find_unorderable(order.order_items, products):
        raise UnorderableError(unorderable)
    lines = [
        StoredLine(
            item_id=line.item_id,
            name=products[line.item_id].name,
            price=products[line.item_id].price,
            quantity=Decimal(line.quantity),
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


def _find_unorderable(lines: list[Line], products: Mapping[str, Product]) -> dict[int, str]:
    unorderable, seen = {}, set()
    for index, line in enumerate(lines):
        if line.item_id in seen:
            unorderable[index] = "In a line before already"
        elif line.item_id not in products:
            unorderable[index] = "There is no such item"
        seen.add(line.item_id)
    return unorderable
