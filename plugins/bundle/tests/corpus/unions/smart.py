"""Smart unions: of scalars, of models, of containers, in lists."""

from datetime import date
from typing import Literal, Optional, Union
from uuid import UUID

from pydantic import BaseModel


class Small(BaseModel):
    a: int


class Large(BaseModel):
    a: int
    b: int = 0


class User(BaseModel):
    id: Union[int, str, UUID]
    value: Optional[Union[bool, float, date]] = None
    model: Union[Small, Large, None] = None
    items: list[Union[int, list[int], dict[str, int]]] = []
    fixed: Literal["x"] | int | None = None


def example_unions():
    return User(id="1"), User(id=1.0, model={"a": 1, "b": 2}), User(id=b"a", value="2024-01-01")
