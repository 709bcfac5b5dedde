"""Models in models, lists and dicts of models, models in each other."""

from __future__ import annotations

from typing import Optional

from pydantic import BaseModel


class Foo(BaseModel):
    count: int
    size: Optional[float] = None


class Bar(BaseModel):
    apple: str = "x"
    banana: str = "y"


class Spam(BaseModel):
    foo: Foo
    bars: list[Bar]
    by_name: dict[str, Foo] = {}
    best: Bar | None = None


class Employee(BaseModel):
    name: str
    reports: list[Employee] = []
    manager: Optional[Employee] = None


def example_nested():
    spam = Spam(foo={"count": 4}, bars=[{"apple": "x1"}, {"apple": "x2"}])
    return spam, spam.model_dump(), spam.bars[0].apple


def example_cyclic_data():
    staff = {"name": "Ann"}
    staff["manager"] = staff
    return Employee(**staff)
