"""The models of the items functions."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

PAGE_MAX, PAGE_DEFAULT = 100, 25
EXAMPLE_ID = "019ad0a8-52f4-7c3e-9b1d-6f0a2c4e8d10"

# A UUID of version 7 (RFC 9562), in lower case, as `items/ids.py` makes them.
Id = Annotated[
    str,
    Field(
        pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$",
        description="A UUID of version 7.",
        examples=[EXAMPLE_ID],
    ),
]
# 0 to 1 000 000 with up to two decimals: money is a string in JSON and a Decimal in code.
Price = Annotated[
    str,
    Field(
        pattern=r"^(0|[1-9][0-9]{0,5})(\.[0-9]{1,2})?$|^1000000(\.00?)?$",
        description="From 0 to 1000000, with up to two decimals.",
        examples=["12.50"],
    ),
]
Name = Annotated[str, Field(min_length=1, max_length=200, examples=["A lucky charm"])]
Description = Annotated[str, Field(max_length=2000, examples=["Brings luck on Fridays."])]


class NewItem(BaseModel):
    """What an item consists of, for `POST /items` and `PUT /items/{id}`."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    name: Name
    price: Price
    description: Description | None = None


class CreationHeaders(BaseModel):
    """The headers of `POST /items`."""

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


class Item(BaseModel):
    """An item. Each replacement raises its version by one."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    id: Annotated[str, Field(examples=[EXAMPLE_ID])]
    name: Annotated[str, Field(examples=["A lucky charm"])]
    price: Annotated[str, Field(description="With two decimals.", examples=["12.50"])]
    description: Annotated[str | None, Field(examples=["Brings luck on Fridays."])]
    version: Annotated[int, Field(description="Also in the ETag.", examples=[1])]


class ItemPath(BaseModel):
    """The path of one item."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    id: Id


class ListQuery(BaseModel):
    """The query of `GET /items`."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    limit: Annotated[
        int, Field(ge=1, le=PAGE_MAX, description="The maximum number of items of the page.")
    ] = PAGE_DEFAULT
    cursor: Annotated[str | None, Field(description="The `cursor` of the previous page.")] = None
    consistent: Annotated[
        Literal["false", "true"],
        Field(description="Whether all writes so far are included. Costs twice as much."),
    ] = "false"


class ItemList(BaseModel):
    """A page of items, and the cursor to the next page."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    items: list[Item]
    cursor: Annotated[str | None, Field(description="To the next page; null on the last one.")]
