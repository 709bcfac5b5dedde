"""`create_model` of module constants: fields, defaults, base, validators, configuration."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, create_model, field_validator


class Base(BaseModel):
    id: int

    def describe(self) -> str:
        return f"{type(self).__name__} {self.id}"


def alphanumeric(cls, value):
    assert value.isalnum(), "must be alphanumeric"
    return value


Dynamic = create_model("Dynamic", foo=str, bar=(int, 123))
Derived = create_model(
    "Derived", __base__=Base, name=(str, "x"), tags=(list[str], Field(default_factory=list))
)
Validated = create_model(
    "Validated",
    username=(str, ...),
    age=(Annotated[int, Field(ge=0)], 0),
    __validators__={"check": field_validator("username")(alphanumeric)},
)
Closed = create_model("Closed", __config__=ConfigDict(extra="forbid"), a=(int, 1))


def example_dynamic():
    return (
        Dynamic(foo="a"),
        Derived(id=1).describe(),
        Validated(username="abc"),
        Closed(),
        Closed(b=1),
    )
