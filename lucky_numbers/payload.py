"""The models of `POST /lucky_numbers`."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

U32_MAX = 2**32 - 1  # The Rust service that this one follows has `count: u32`.


class InputPayload(BaseModel):
    """The body: the caller's name, and how many numbers they want. Other fields are ignored."""

    model_config = ConfigDict(strict=True, frozen=True, extra="ignore")

    name: Annotated[str, Field(max_length=256)]
    count: Annotated[int, Field(ge=0, le=U32_MAX)]


class OutputPayload(BaseModel):
    """The response: a greeting and the numbers."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    message: str
    numbers: list[int]
