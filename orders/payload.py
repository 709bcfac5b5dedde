"""The models of orders: requests, responses, the table's items, the queue's messages."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

LINES_MAX, QUANTITY_MAX = 50, 100
EXAMPLE_ORDER_ID = "5f2c1f0e-6c0a-5d3b-8e47-1b9a7d2c4f60"
EXAMPLE_ITEM_ID = "019ad0a8-52f4-7c3e-9b1d-6f0a2c4e8d10"

# UUIDs (RFC 9562) in lower case: version 5 for orders, whose ids are derived; version 7 for items.
OrderId = Annotated[
    str,
    Field(
        pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$",
        description="A UUID of version 5.",
        examples=[EXAMPLE_ORDER_ID],
    ),
]
ItemId = Annotated[
    str,
    Field(
        pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$",
        examples=[EXAMPLE_ITEM_ID],
    ),
]
UserId = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$", examples=["ada"])]
Quantity = Annotated[int, Field(ge=1, le=QUANTITY_MAX, examples=[2])]
# An amount of money as the table has it: whole amounts are read as int.
Amount = Annotated[int, Field(ge=0)] | Annotated[Decimal, Field(ge=0, decimal_places=2)]
Time = Annotated[
    str, Field(pattern=r"^[0-9]{4}(-[0-9]{2}){2}T[0-9]{2}(:[0-9]{2}){2}\.[0-9]{3}Z$")
]  # RFC 3339. `\d` would mean the digits of all scripts, and take twenty times as long to compile.
OrderStatus = Literal["ORDERED"]
CartProductStatus = Literal["PENDING", "PROCESSED"]


class Line(BaseModel):
    """A line of an order: an item, and how many of it."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    item_id: ItemId
    quantity: Quantity


class NewOrder(BaseModel):
    """A new order. Prices are not in it: they come from the catalogue."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    user_id: UserId
    order_items: Annotated[list[Line], Field(min_length=1, max_length=LINES_MAX)]


class OrderHeaders(BaseModel):
    """The headers of `POST /orders`."""

    model_config = ConfigDict(strict=True, frozen=True, extra="ignore")

    idempotency_key: Annotated[
        str | None,
        Field(
            alias="idempotency-key",
            min_length=1,
            max_length=64,
            description="A unique key of this request. A repeat with it has no effect.",
        ),
    ] = None


class OrderPath(BaseModel):
    """The path of one order."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    order_id: OrderId


class PricedLine(BaseModel):
    """A line of an order, with the item's name and price when it was placed."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    item_id: Annotated[str, Field(examples=[EXAMPLE_ITEM_ID])]
    name: Annotated[str, Field(examples=["A lucky charm"])]
    price: Annotated[str, Field(description="Of one, with two decimals.", examples=["12.50"])]
    quantity: Annotated[int, Field(examples=[2])]


class Order(BaseModel):
    """An order, at the prices that the catalogue had when it was placed."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    order_id: Annotated[str, Field(examples=[EXAMPLE_ORDER_ID])]
    user_id: Annotated[str, Field(examples=["ada"])]
    order_status: Annotated[OrderStatus, Field(examples=["ORDERED"])]
    cart_product_status: Annotated[
        CartProductStatus,
        Field(
            description="PROCESSED once the pipeline has handled the order.", examples=["PENDING"]
        ),
    ]
    order_items: list[PricedLine]
    order_total: Annotated[str, Field(description="With two decimals.", examples=["25.00"])]
    order_date: Annotated[
        str, Field(description="When, in RFC 3339.", examples=["2026-11-29T12:00:00.000Z"])
    ]


class StoredLine(BaseModel):
    """A line of an order as the table stores it."""

    model_config = ConfigDict(strict=True, frozen=True, extra="ignore")

    item_id: ItemId
    name: Annotated[str, Field(min_length=1)]
    price: Amount
    quantity: Quantity


class StoredOrder(BaseModel):
    """An order as the table stores it.

    Other attributes, such as the keys, are ignored. So, during a deploy that adds an attribute,
    functions of the previous version still accept new orders.
    """

    model_config = ConfigDict(strict=True, frozen=True, extra="ignore", hide_input_in_errors=True)

    order_id: OrderId
    user_id: UserId
    order_status: OrderStatus
    cart_product_status: CartProductStatus
    order_items: Annotated[list[StoredLine], Field(min_length=1, max_length=LINES_MAX)]
    order_total: Amount
    order_date: Time


class Cart(BaseModel):
    """A message of the queue: the products of an order."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    order_id: OrderId
    order_items: Annotated[list[Line], Field(min_length=1, max_length=LINES_MAX)]
