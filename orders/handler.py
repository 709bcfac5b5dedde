"""The functions that place and get an order: `POST /orders`, `GET /orders/{order_id}`."""

import os
import time

from aws.dynamodb import DynamoDB
from aws.times import format_time
from gateway import endpoint
from gateway.problem import KeyReused, NotFound
from items.store import ItemStore
from orders.ids import make_order_id
from orders.payload import NewOrder, Order, OrderHeaders, OrderPath, PricedLine, StoredOrder
from orders.pricing import price_order
from orders.problems import ItemsNotOrderable, to_problem
from orders.store import OrderStore

# Built in the init phase on purpose; see aws/client.py.
DYNAMODB = DynamoDB()
ITEMS = ItemStore(DYNAMODB, os.environ["ITEMS_TABLE"])
STORE = OrderStore(DYNAMODB, os.environ["ORDERS_TABLE"])
SECRET = os.environ["SECRET"].encode()


@endpoint(
    status=201, created="order_id", problems=(ItemsNotOrderable, KeyReused), to_problem=to_problem
)
def place_order(payload: NewOrder, headers: OrderHeaders, deadline: float) -> Order:
    """Place an order at the catalogue's prices, once per user and idempotency key."""
    # Without a key, the order gets a random one, with a NUL, which no header can contain.
    key = headers.idempotency_key or f"\0{os.urandom(16).hex()}"
    order_id = make_order_id(payload.user_id, key, SECRET)
    # An idempotent replay gets the first response, even if the catalogue has changed since.
    order = STORE.get(order_id, deadline) if headers.idempotency_key else None
    if order is None:
        item_ids = {line.item_id for line in payload.order_items}
        items = ITEMS.get_many(item_ids, deadline)
        priced = price_order(order_id, payload, items, format_time(time.time()))
        order = STORE.create(priced, deadline)
    if not _has_lines(order, payload):
        raise KeyReused
    as_placed = order.model_copy(update={"cart_product_status": "PENDING"})
    return _to_order(as_placed)


@endpoint(problems=(NotFound,))
def get_order(path: OrderPath, deadline: float) -> Order:
    """Get an order, with its status."""
    order = STORE.get(path.order_id, deadline)
    if order is None:
        raise NotFound("There is no such order.")
    return _to_order(order)


def _has_lines(order: StoredOrder, new: NewOrder) -> bool:
    """Whether an order has the lines of a new one."""
    lines = [(line.item_id, line.quantity) for line in order.order_items]
    return lines == [(line.item_id, line.quantity) for line in new.order_items]


def _to_order(order: StoredOrder) -> Order:
    lines = [
        PricedLine(
            item_id=line.item_id,
            name=line.name,
            price=f"{line.price:.2f}",
            quantity=line.quantity,
        )
        for line in order.order_items
    ]
    return Order(
        order_id=order.order_id,
        user_id=order.user_id,
        order_status=order.order_status,
        cart_product_status=order.cart_product_status,
        order_items=lines,
        order_total=f"{order.order_total:.2f}",
        order_date=order.order_date,
    )
