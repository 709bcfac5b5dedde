"""`@computed_field`: properties, cached properties, aliases, inherited, private."""

from functools import cached_property

from pydantic import BaseModel, computed_field


class Rectangle(BaseModel):
    width: int
    length: int = 1

    @computed_field
    @property
    def area(self) -> int:
        return int(self.width) * int(self.length)

    @computed_field(alias="theWidth", repr=False)
    @property
    def wide(self) -> str:
        return f"{self.width!r:.20} wide"

    @computed_field
    @cached_property
    def numbers(self) -> list[int]:
        return [self.width, self.length]

    @computed_field
    def plain_function(self) -> float:
        return self.width / 2

    @area.setter
    def area(self, value: int) -> None:
        self.width = value // self.length


class Square(Rectangle):
    @computed_field
    @property
    def area(self) -> int:
        return -(self.width**2)

    @computed_field
    @property
    def side(self) -> "Rectangle":
        return Rectangle(width=self.width)


class Holder(BaseModel):
    shapes: list[Rectangle]


def example_setter():
    rectangle = Rectangle(width=2, length=3)
    rectangle.area = 12
    return rectangle, rectangle.model_dump(by_alias=True), Square(width=2).model_dump_json()


def example_in_list():
    return Holder(shapes=[Square(width=2), {"width": 1}]).model_dump_json()
