"""`NamedTuple` and `collections.namedtuple`."""

from collections import namedtuple
from typing import NamedTuple

from pydantic import BaseModel


class Point(NamedTuple):
    x: int
    y: int = 0

    def flipped(self) -> "Point":
        return Point(self.y, self.x)


Pair = namedtuple("Pair", ["left", "right"])


class Shape(BaseModel):
    points: list[Point]
    pair: Pair | None = None


def example_points():
    shape = Shape(points=[("1", 2), {"x": 3}, Point(4)], pair=(1, "b"))
    return shape, shape.points[0].flipped(), shape.model_dump(), shape.model_dump_json()
