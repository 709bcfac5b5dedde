"""Validators in `Annotated`: functions, lambdas, several of them, with info."""

from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    PlainValidator,
    ValidationInfo,
    WrapValidator,
)


def is_even(value: int) -> int:
    if value % 2 == 1:
        raise ValueError(f"{value} is not an even number")
    return value


def truncate(value: Any, handler) -> str:
    try:
        return handler(value)
    except ValueError:
        return handler(str(value)[:5])


def with_info(value: Any, info: ValidationInfo) -> Any:
    return (info.field_name, value)


class Model(BaseModel):
    even: Annotated[int, AfterValidator(is_even)]
    numbers: Annotated[list[Annotated[int, AfterValidator(is_even)]], AfterValidator(sorted)] = []
    doubled: Annotated[
        int, AfterValidator(lambda value: value * 2), BeforeValidator(lambda value: value or 0)
    ] = 1
    short: Annotated[str, WrapValidator(truncate)] = ""
    upper: Annotated[str, AfterValidator(str.upper)] = ""
    named: Annotated[Any, PlainValidator(with_info)] = None
    items: Annotated[
        list[str], BeforeValidator(lambda v: v.split(",") if isinstance(v, str) else v)
    ] = []
