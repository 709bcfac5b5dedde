"""`ValidationError.from_exception_data`, `PydanticCustomError`, `PydanticUserError` raised by the service."""

from pydantic import BaseModel, PydanticUserError, ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError


class Model(BaseModel):
    x: int = 0


def check(x: int) -> None:
    raise ValidationError.from_exception_data(
        "Own",
        [
            InitErrorDetails(
                type=PydanticCustomError("own", "own {x}", {"x": x}), loc=("x",), input=x
            )
        ],
    )


def example_raised():
    try:
        check(3)
    except ValidationError as error:
        return error.errors(), str(error)


def example_user_error():
    try:
        raise PydanticUserError("wrong use", code="custom-json-schema")
    except PydanticUserError as error:
        return str(error), error.code, isinstance(error, TypeError)
