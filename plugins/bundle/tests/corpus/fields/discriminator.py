"""`discriminator` of a field that is a union of models."""

from typing import Literal, Union

from pydantic import BaseModel, Field


class Cat(BaseModel):
    pet_type: Literal["cat"]
    meows: int


class Dog(BaseModel):
    pet_type: Literal["dog", "puppy"] = "dog"
    barks: float


class Owner(BaseModel):
    pet: Union[Cat, Dog] = Field(discriminator="pet_type")
    others: list[Union[Cat, Dog]] = []


def example_pets():
    return Owner(pet={"pet_type": "puppy", "barks": 3}), Owner(pet={"pet_type": "cow"})
