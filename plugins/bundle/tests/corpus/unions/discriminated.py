"""Discriminated unions: nested, by an enum, with aliases, in a type of their own."""

from enum import Enum
from typing import Annotated, Literal, Union

from pydantic import BaseModel, Field, TypeAdapter


class Kind(str, Enum):
    CAT = "cat"
    LIZARD = "lizard"


class BlackCat(BaseModel):
    kind: Literal[Kind.CAT] = Kind.CAT
    color: Literal["black"]
    name: str


class WhiteCat(BaseModel):
    kind: Literal[Kind.CAT]
    color: Literal["white"]


class Lizard(BaseModel):
    kind: Literal[Kind.LIZARD] = Field(Kind.LIZARD)
    scales: bool = True


Cat = Annotated[Union[BlackCat, WhiteCat], Field(discriminator="color")]
Pet = Annotated[Union[Cat, Lizard], Field(discriminator="kind")]
PET = TypeAdapter(Pet)


class Aliased(BaseModel):
    one: "Annotated[First | Second, Field(discriminator='type_')]"


class First(BaseModel):
    type_: Literal["first"] = Field(alias="type")


class Second(BaseModel):
    type_: Literal["second"] = Field(alias="type")
    more: int = 0


class Owner(BaseModel):
    pets: list[Pet]


def example_pets():
    return PET.validate_python({"kind": "cat", "color": "white"}), Owner(
        pets=[{"kind": "dog"}, {"scales": 1}]
    )
