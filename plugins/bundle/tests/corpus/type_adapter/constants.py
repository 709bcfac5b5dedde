"""`TypeAdapter` in constants: lists, unions, constrained types, dataclasses, typed dicts."""

from dataclasses import dataclass
from typing import Annotated, Union

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, Json, TypeAdapter


class Cat(BaseModel):
    meow: str


class Dog(BaseModel):
    bark: int = 0


@dataclass
class Fish:
    depth: float


def double(value: int) -> int:
    return value * 2


CATS = TypeAdapter(list[Cat])
PETS = TypeAdapter(dict[str, Union[Cat, Dog]])
FISH = TypeAdapter(Fish)
SIZE = TypeAdapter(Annotated[int, Field(gt=0), AfterValidator(double)])
STRICT = TypeAdapter(list[int], config=ConfigDict(strict=True))
TEXT = TypeAdapter(Json[list[int]])
OPTIONAL = TypeAdapter(Cat | None)
NAMES: TypeAdapter[list[str]] = TypeAdapter(list[str])
ADAPTERS = {"cat": TypeAdapter(Cat), "numbers": TypeAdapter(list[int])}


def example_adapters():
    cats = CATS.validate_json('[{"meow": "m"}]')
    return (
        cats,
        CATS.dump_python(cats),
        CATS.dump_json(cats),
        ADAPTERS["numbers"].validate_python(["1"]),
        SIZE.validate_python("3"),
    )


def example_wrong():
    return ADAPTERS["cat"].validate_python({"meow": 1})
