"""`InstanceOf`, `SkipValidation`, `ValidateAs`-less classes, `arbitrary_types_allowed`."""

from typing import Any

from pydantic import BaseModel, ConfigDict, InstanceOf, SkipValidation


class Fruit:
    def __init__(self, name: str = "fruit") -> None:
        self.name = name

    def __repr__(self) -> str:
        return f"Fruit({self.name})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Fruit) and other.name == self.name


class Banana(Fruit):
    pass


class Basket(BaseModel):
    fruits: list[InstanceOf[Fruit]] = []
    names: list[SkipValidation[str]] = []
    anything: SkipValidation[Any] = None


class Arbitrary(BaseModel):
    model_config = ConfigDict(arbitrary_types_allowed=True)
    fruit: Fruit = Fruit("default")
    optional: Banana | None = None


DEFAULT = Fruit("constant")


class Named(BaseModel, arbitrary_types_allowed=True):
    fruit: Fruit = DEFAULT


def example_fruits():
    return Basket(fruits=[Banana(), Fruit()], names=[1]), Arbitrary(), Arbitrary(fruit=1), Named()


def example_same_default():
    return Named().fruit is DEFAULT, Arbitrary().fruit is Arbitrary().fruit
