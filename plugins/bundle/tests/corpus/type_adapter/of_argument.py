"""`TypeAdapter` of an argument of a function."""

from pydantic import BaseModel, TypeAdapter


class Item(BaseModel):
    id: int


def parse_as(kind, data):
    return TypeAdapter(kind).validate_python(data)


def example_kinds():
    return parse_as(list[Item], [{"id": 1}]), parse_as(int, "3")
