"""What the orders functions take and give, what the table keeps, and what is on the queue."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

LINES_MAX, QUANTITY_MAX = 50, 100

# RFC 9562, in lower case; of version 5, since an order's id is derived, and of version 7 an item's.
OrderId = Annotated[
    str, Field(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")
]
ItemId = Annotated[
    str, Field(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")
]
UserId = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
Quantity = Annotated[int, Field(ge=1, le=QUANTITY_MAX)]
OrderStatus = Literal["ORDERED"]
CartProductStatus = Literal["PENDING", "PROCESSED"]


class Line(BaseModel):
    """So many of an item."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    item_id: ItemId
    quantity: Quantity


class NewOrder(BaseModel):
    """An order, as the caller places it: what it costs is the catalogue's to say."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    user_id: UserId
    order_items: Annotated[list[Line], Field(min_length=1, max_length=LINES_MAX)]


class OrderHeaders(BaseModel):
    """What makes a second order of a user's a repeat of the first."""

    model_config = ConfigDict(strict=True, frozen=True, extra="ignore")

    idempotency_key: Annotated[
        str | None, Field(alias="idempotency-key", min_length=1, max_length=64)
    ] = None


class OrderPath(BaseModel):
    """Which order is meant."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    order_id: OrderId


class PricedLine(BaseModel):
    """So many of an item, under its name and at its price when it was ordered."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    item_id: str
    name: str
    price: str
    quantity: int


class Order(BaseModel):
    """An order, as the caller is told of it."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    order_id: str
    user_id: str
    order_status: OrderStatus
    cart_product_status: CartProductStatus
    order_items: list[PricedLine]
    order_total: str
    order_date: str


class StoredLine(BaseModel):
    """So many of an item, as the table has it: numbers are Decimal."""

    model_config = ConfigDict(strict=True, frozen=True, extra="ignore")

    item_id: ItemId
    name: Annotated[str, Field(min_length=1)]
    price: Annotated[Decimal, Field(ge=0, decimal_places=2)]
    quantity: Annotated[Decimal, Field(ge=1, le=QUANTITY_MAX, decimal_places=0)]


class StoredOrder(BaseModel):
    """An order, as the table has it.

    What else an item has is ignored, such as its keys: a deploy that adds an attribute must not
    have the functions of the one before park every order.
    """

    model_config = ConfigDict(strict=True, frozen=True, extra="ignore", hide_input_in_errors=True)

    order_id: OrderId
    user_id: UserId
    order_status: OrderStatus
    cart_product_status: CartProductStatus
    order_items: Annotated[list[StoredLine], Field(min_length=1, max_length=LINES_MAX)]
    order_total: Annotated[Decimal, Field(ge=0, decimal_places=2)]
    order_date: Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")]


class Cart(BaseModel):
    """The products of an order, as they wait on the queue."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    order_id: OrderId
    order_items: Annotated[list[Line], Field(min_length=1, max_length=LINES_MAX)]
