"""`validate_default`, for a field and for a model."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, field_validator


class Model(BaseModel):
    x: str = "abc"
    y: Annotated[str, Field(validate_default=True)] = "xyz"

    @field_validator("x", "y")
    @classmethod
    def double(cls, value: str) -> str:
        return value * 2


class All(BaseModel):
    model_config = ConfigDict(validate_default=True)
    number: int = "12"
    wrong: int = "x"


def example_defaults():
    return Model(), All()
