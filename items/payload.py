"""The models of the items functions."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

PAGE_MAX, PAGE_DEFAULT = 100, 25

# A UUID of version 7 (RFC 9562), in lower case, as `items/ids.py` makes them.
Id = Annotated[
    str, Field(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")
]
# 0 to 1 000 000 with up to two decimals: money is a string in JSON and a Decimal in code.
Price = Annotated[
    str,
    Field(pattern=r"^(0|[1-9][0-9]{0,5})(\.[0-9]{1,2})?$|^1000000(\.00?)?$"),
]
Name = Annotated[str, Field(min_length=1, max_length=200)]
Description = Annotated[str, Field(max_length=2000)]


class NewItem(BaseModel):
    """The body of `POST /items` and `PUT /items/{id}`."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    name: Name
    price: Price
    description: Description | None = None


class CreationHeaders(BaseModel):
    """The headers of `POST /items`."""

    model_config = ConfigDict(strict=True, frozen=True, extra="ignore")

    idempotency_key: Annotated[
        str | None, Field(alias="idempotency-key", min_length=1, max_length=64)
    ] = None


class Item(BaseModel):
    """An item. Each replacement raises its version by one."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    id: str
    name: str
    price: str
    description: str | None
    version: int


class ItemPath(BaseModel):
    """The path of one item."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    id: Id


class ListQuery(BaseModel):
    """The query of `GET /items`."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    limit: Annotated[int, Field(ge=1, le=PAGE_MAX)] = PAGE_DEFAULT
    cursor: str | None = None
    consistent: Literal["false", "true"] = "false"


class ItemList(BaseModel):
    """A page of items, and the cursor to the next page, or None on the last one."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    items: list[Item]
    cursor: str | None
