"""`extra` as an argument of `model_validate`."""
# Needs pydantic 2.12.

from pydantic import BaseModel


class Ignored(BaseModel, extra="ignore"):
    x: int


def example_extra_of_call():
    return Ignored.model_validate({"x": 1, "y": 2}, extra="forbid")


def example_allowed():
    return Ignored.model_validate_json('{"x": 1, "y": 2}', extra="allow")
