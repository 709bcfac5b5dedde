"""Methods, class methods, static methods, properties and operators of a model."""

import math
from functools import cached_property

from pydantic import BaseModel


class Point(BaseModel):
    x: float
    y: float = 0.0

    @classmethod
    def origin(cls) -> "Point":
        return cls(x=0, y=0)

    @staticmethod
    def distance(one: "Point", other: "Point") -> float:
        return math.dist((one.x, one.y), (other.x, other.y))

    @property
    def length(self) -> float:
        return self.distance(self, self.origin())

    @cached_property
    def doubled(self) -> "Point":
        return Point(x=self.x * 2, y=self.y * 2)

    def __add__(self, other: "Point") -> "Point":
        return Point(x=self.x + other.x, y=self.y + other.y)

    def __bool__(self) -> bool:
        return bool(self.x or self.y)

    def __lt__(self, other: "Point") -> bool:
        return self.length < other.length


def example_methods():
    point = Point(x=3, y=4)
    other = point + Point.origin()
    return point.length, point.doubled, other == point, bool(Point.origin()), Point(x=1) < point


def example_cached_property():
    point = Point(x=1)
    first = point.doubled
    same = point.doubled is first
    return same, point == Point(x=1), point.model_dump(), point.model_copy().__dict__
