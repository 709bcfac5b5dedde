"""Errors translated to messages: `loc`, `ctx`, `type`, custom texts."""

from pydantic import BaseModel, Field, ValidationError

MESSAGES = {
    "int_parsing": "not a number",
    "missing": "is required",
    "greater_than": "must be over {gt}",
}


class Line(BaseModel):
    count: int = Field(gt=0)


class Order(BaseModel):
    lines: list[Line]
    note: str


def messages(error: ValidationError) -> list[str]:
    return [
        ".".join(map(str, each["loc"])) + " " + MESSAGES[each["type"]].format(**each.get("ctx", {}))
        for each in error.errors()
    ]


def example_messages():
    try:
        Order(lines=[{"count": "x"}, {"count": -1}, {}])
    except ValidationError as error:
        return messages(error)
