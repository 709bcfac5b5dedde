"""Strict models: in Python, in JSON, in a call."""

from datetime import date
from decimal import Decimal
from enum import Enum
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field


class Color(Enum):
    RED = "red"


class Strict(BaseModel):
    model_config = ConfigDict(strict=True)
    number: int
    ratio: float = 0.0
    day: date | None = None
    id: UUID | None = None
    price: Decimal = Decimal(0)
    color: Color = Color.RED
    pair: tuple[int, int] = (1, 2)
    names: set[str] = set()
    lax: int = Field(0, strict=False)


def example_strict():
    return Strict.model_validate_json(
        '{"number": 1, "day": "2024-01-01", "color": "red", "pair": [1, 2]}'
    ), Strict(number="1")
