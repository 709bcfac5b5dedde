"""The models of `POST /lucky_numbers`."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

U32_MAX = 2**32 - 1  # The Rust service that this one follows has `count: u32`.


class InputPayload(BaseModel):
    """The body: the caller's name, and how many numbers they want. Other fields are ignored."""

    model_config = ConfigDict(title="LuckyNumbersRequest", strict=True, frozen=True, extra="ignore")

    name: Annotated[
        str,
        Field(max_length=256, description="Whom to greet, in upper case.", examples=["SilentByte"]),
    ]
    count: Annotated[
        int,
        Field(
            ge=0,
            le=U32_MAX,
            description="How many numbers to draw. Values outside 2 to 20 are clamped.",
            examples=[10],
        ),
    ]


class OutputPayload(BaseModel):
    """The response: a greeting and the numbers."""

    model_config = ConfigDict(title="LuckyNumbers", strict=True, frozen=True, extra="forbid")

    message: Annotated[str, Field(examples=["Hi, 'SILENTBYTE'. Your lucky numbers are:"])]
    numbers: Annotated[
        list[int],
        Field(
            description="Independent draws from 1 to 41. Some may be equal.",
            examples=[[6, 34, 10, 5, 7, 6, 37, 1, 10, 27]],
        ),
    ]
