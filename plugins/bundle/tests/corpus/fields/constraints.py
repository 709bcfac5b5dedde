"""Constraints of numbers, texts, lists and decimals in `Field` and `Annotated`."""

from decimal import Decimal
from typing import Annotated

from annotated_types import Gt, Len, MaxLen, MultipleOf
from pydantic import BaseModel, Field

Positive = Annotated[int, Field(gt=0)]
Name = Annotated[str, Field(min_length=1, max_length=20, pattern=r"^[A-Za-z ]+$")]


class Product(BaseModel):
    id: Positive
    name: Name
    price: Decimal = Field(max_digits=6, decimal_places=2, ge=0)
    ratio: float = Field(0.5, ge=0, le=1, allow_inf_nan=False)
    even: Annotated[int, MultipleOf(2)] = 2
    tags: Annotated[list[Name], Len(0, 3)] = []
    codes: set[Annotated[str, MaxLen(3)]] = set()
    parents: list[Annotated[int, Gt(0)]] | None = None
    mapping: dict[Name, Positive] = Field({}, max_length=2)


def example_products():
    return Product(id=1, name="a", price="1.5"), Product(id=0, name="", price="12345.678", even=3)
