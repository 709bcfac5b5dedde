"""The same endpoint in Powertools for AWS Lambda, with its validation."""

from random import SystemRandom
from typing import Annotated

from aws_lambda_powertools.event_handler import APIGatewayRestResolver
from pydantic import BaseModel, ConfigDict, Field

app = APIGatewayRestResolver(enable_validation=True)


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
def lucky_numbers(payload: InputPayload) -> OutputPayload:
    """Respond with a greeting and numbers."""
    rng = SystemRandom()
    return OutputPayload(
        message=f"Hi, '{payload.name.upper()}'. Your lucky numbers are:",
        numbers=[rng.randint(1, 41) for _ in range(max(2, min(payload.count, 20)))],
    )


def handler(event, context):
    """Route the event to its endpoint."""
    return app.resolve(event, context)
