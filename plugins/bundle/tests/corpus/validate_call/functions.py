"""`@validate_call`, with a validated return value."""

from typing import Annotated

from pydantic import Field, ValidationError, validate_call


@validate_call
def repeat(text: str, count: Annotated[int, Field(ge=1)] = 2, *, separator: str = "") -> str:
    return separator.join([text] * count)


@validate_call(validate_return=True)
def length(*values: int, **named: float) -> int:
    return len(values) + len(named)


def example_calls():
    return repeat("a"), repeat("b", "3", separator=","), length("1", 2, a="3.5"), repeat.__name__


def example_wrong():
    try:
        return repeat("a", 0)
    except ValidationError as error:
        return error
