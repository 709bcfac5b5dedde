"""Extra data: allowed, ignored, forbidden, with types of their own."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class Allowed(BaseModel):
    model_config = ConfigDict(extra="allow")
    x: int


class Ignored(BaseModel, extra="ignore"):
    x: int


class Forbidden(BaseModel, extra="forbid"):
    x: int


class Typed(BaseModel):
    __pydantic_extra__: dict[str, int] = Field(init=False)
    x: int
    model_config = ConfigDict(extra="allow")


class Outer(BaseModel):
    inner: Allowed
    others: list[Forbidden] = []


def example_extra():
    model = Allowed(x=1, y="a", z=[1])
    model.w = 5
    model.y = "b"
    return (
        model,
        model.y,
        model.model_extra,
        model.model_fields_set,
        model.model_dump(),
        dict(model),
    )


def example_no_extra():
    return Ignored(x=1, y=2), Ignored(x=1).model_extra


def example_missing_attribute():
    return Allowed(x=1).missing
