"""The standard library's dataclasses as fields, nested, with defaults, in `TypeAdapter`."""

import dataclasses
from dataclasses import dataclass, field
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter


@dataclass
class Address:
    street: str
    number: Annotated[int, Field(gt=0)] = 1
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Point:
    x: float
    y: float = 0.0

    def __post_init__(self) -> None:
        if self.x > 1000:
            raise ValueError("too far")


@dataclass
class Shape:
    points: list[Point]
    origin: Point = Point(0)

    __pydantic_config__ = ConfigDict(extra="forbid")


class Person(BaseModel):
    address: Address
    shapes: list[Shape] = []


SHAPE = TypeAdapter(Shape)


def example_addresses():
    person = Person(address={"street": "a", "number": "3"}, shapes=[{"points": [{"x": "1"}]}])
    return (
        person,
        person.model_dump(),
        dataclasses.asdict(person.address),
        Address("x", "not checked"),
    )


def example_adapter():
    return SHAPE.validate_python({"points": [Point(1)], "origin": {"x": 2}}), SHAPE.validate_python(
        {"points": [], "z": 1}
    )
