"""`@field_validator`: before, after, wrap, plain, several fields, `"*"`, with info."""

from typing import Any

from pydantic import BaseModel, ValidationInfo, ValidatorFunctionWrapHandler, field_validator


class Model(BaseModel):
    number: int
    text: str = "x"
    anything: Any = None
    flag: bool = False
    size: int = 0

    @field_validator("number", mode="after")
    @classmethod
    def is_even(cls, value: int) -> int:
        if value % 2 == 1:
            raise ValueError(f"{value} is not an even number")
        return value

    @field_validator("text", mode="before")
    @classmethod
    def join(cls, value: Any) -> Any:
        return "".join(map(str, value)) if isinstance(value, list) else value

    @field_validator("anything", mode="plain")
    @classmethod
    def doubled(cls, value: Any, info: ValidationInfo) -> Any:
        return [info.field_name, value, info.mode, sorted(info.data)]

    @field_validator("flag", mode="wrap")
    @classmethod
    def lenient(cls, value: Any, handler: ValidatorFunctionWrapHandler) -> bool:
        try:
            return handler(value)
        except ValueError:
            return False

    @field_validator("size", mode="wrap")
    @classmethod
    def with_context(cls, value: Any, handler, info: ValidationInfo) -> int:
        if info.context and info.context.get("who") == "corpus":
            return -1
        return handler(value)

    @field_validator("*", mode="before")
    @classmethod
    def no_nan(cls, value: Any) -> Any:
        assert value == value, "no nan"
        return value


def example_context():
    return Model.model_validate({"number": 2, "size": 4}, context={"who": "corpus"}), Model(
        number=3
    )
