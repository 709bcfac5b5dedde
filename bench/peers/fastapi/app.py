"""The same endpoint in FastAPI, behind Mangum."""

from random import SystemRandom
from typing import Annotated

from fastapi import FastAPI
from mangum import Mangum
from pydantic import BaseModel, ConfigDict, Field

app = FastAPI(openapi_url=None)


class InputPayload(BaseModel):
    """A name, and how many numbers to draw."""

    model_config = ConfigDict(strict=True)

    name: Annotated[str, Field(max_length=256)]
    count: Annotated[int, Field(ge=0, le=2**32 - 1)]


class OutputPayload(BaseModel):
    """The greeting and the numbers."""

    message: str
    numbers: list[int]


@app.post("/lucky_numbers")
async def lucky_numbers(payload: InputPayload) -> OutputPayload:
    """Respond with a greeting and numbers."""
    rng = SystemRandom()
    return OutputPayload(
        message=f"Hi, '{payload.name.upper()}'. Your lucky numbers are:",
        numbers=[rng.randint(1, 41) for _ in range(max(2, min(payload.count, 20)))],
    )


handler = Mangum(app, lifespan="off")
