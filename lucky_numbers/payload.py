"""What `POST /lucky_numbers` takes and gives."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

U32_MAX = 2**32 - 1  # The ancestor's `count` is a Rust `u32`.


class InputPayload(BaseModel):
    """Who asks, and how many numbers they would like; other fields are ignored."""

    model_config = ConfigDict(strict=True, frozen=True, extra="ignore")

    name: Annotated[str, Field(max_length=256)]
    count: Annotated[int, Field(ge=0, le=U32_MAX)]


class OutputPayload(BaseModel):
    """The greeting and the numbers."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    message: str
    numbers: list[int]
