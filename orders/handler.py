"""The functions that place an order and read one: `POST /orders`, `GET /orders/{order_id}`."""

import os
import time
from random import SystemRandom

from aws.dynamodb import DynamoDB
from aws.times import format_time
from gateway import Reply, endpoint
from gateway.problem import KeyReused, NotFound, UnprocessableContent
from orders.catalogue import Catalogue
from orders.payload import NewOrder, Order, OrderHeaders, OrderPath, PricedLine, StoredOrder
from orders.pricing import UnorderableError, price
from orders.store import OrderStore, make_order_id

# Built in the init phase on purpose: Lambda runs that on a whole core, and calls on 0.3 of one.
DYNAMODB = DynamoDB()
CATALOGUE = Catalogue(DYNAMODB, os.environ["ITEMS_TABLE"])
STORE = OrderStore(DYNAMODB, os.environ["ORDERS_TABLE"])
RNG = SystemRandom()


@endpoint
def place_order(payload: NewOrder, headers: OrderHeaders, deadline: float) -> Reply:
    """Place an order at the catalogue's prices, once a user's key."""
    # No key has a NUL in it: what is placed without one is nobody's repeat.
    key = headers.idempotency_key or f"\0{RNG.getrandbits(128):032x}"
    order_id = make_order_id(payload.user_id, key)
    # A repeat is answered as the first was, whatever became of the catalogue since.
    order = STORE.find(order_id, deadline) if headers.idempotency_key else None
    if order is None:
        order = STORE.place(_price(order_id, payload, deadline), deadline)
    if _lines(order) != [(line.item_id, line.quantity) for line in payload.order_items]:
        raise KeyReused
    as_placed = order.model_copy(update={"cart_product_status": "PENDING"})
    return Reply(_tell(as_placed), status=201, headers={"location": f"orders/{order_id}"})


@endpoint
def read_order(path: OrderPath, deadline: float) -> Order:
    """Tell an order, and how far it has come."""
    order = STORE.find(path.order_id, deadline)
    if order is None:
        raise NotFound("There is no such order.")
    return _tell(order)


def _price(order_id: str, order: NewOrder, deadline: float) -> StoredOrder:
    products = CATALOGUE.find({line.item_id for line in order.order_items}, deadline)
    try:
        return price(order_id, order, products, format_time(time.time()))
    except UnorderableError as unorderable:
        errors = [
            {"pointer": f"/order_items/{index}/item_id", "detail": detail}
            for index, detail in unorderable.lines.items()
        ]
        raise UnprocessableContent("Not all of it can be ordered.", errors=errors) from None


def _lines(order: StoredOrder) -> list[tuple[str, int]]:
    return [(line.item_id, int(line.quantity)) for line in order.order_items]


def _tell(order: StoredOrder) -> Order:
    lines = [
        PricedLine(
            item_id=line.item_id,
            name=line.name,
            price=f"{line.price:.2f}",
            quantity=int(line.quantity),
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
