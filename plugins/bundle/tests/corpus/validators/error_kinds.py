"""`ValueError`, `AssertionError`, `PydanticCustomError`, `PydanticKnownError` and others in validators."""

from typing import Any

from pydantic import BaseModel, field_validator
from pydantic_core import PydanticCustomError, PydanticKnownError, PydanticOmit, PydanticUseDefault


class Model(BaseModel):
    x: Any = None
    items: list[int] = []

    @field_validator("x", mode="before")
    @classmethod
    def fail(cls, value: Any) -> Any:
        match value:
            case 1:
                raise ValueError("one")
            case 0:
                raise AssertionError("zero")
            case "abc":
                raise PydanticCustomError("no_abc", "'{text}' is not allowed", {"text": value})
            case -1:
                raise PydanticKnownError("greater_than", {"gt": 0})
            case "":
                raise PydanticUseDefault()
            case "boom":
                raise KeyError("boom")
        return value


def example_errors():
    told = []
    for value in (1, 0, "abc", -1, "", "boom"):
        try:
            told.append(Model(x=value))
        except Exception as error:
            told.append(error)
    return told
