"""The same endpoint in Chalice, AWS's Flask-like framework, with pydantic."""

from random import SystemRandom
from typing import Annotated

from chalice import BadRequestError, Chalice
from pydantic import BaseModel, ConfigDict, Field, ValidationError

app = Chalice(app_name="lucky-numbers")


class InputPayload(BaseModel):
    """A name, and how many numbers to draw."""

    model_config = ConfigDict(strict=True)

    name: Annotated[str, Field(max_length=256)]
    count: Annotated[int, Field(ge=0, le=2**32 - 1)]


@app.route("/lucky_numbers", methods=["POST"])
def lucky_numbers():
    """Respond with a greeting and numbers."""
    try:
        payload = InputPayload.model_validate_json(app.current_request.raw_body)
    except ValidationError as error:
        raise BadRequestError(error.json()) from error
    rng = SystemRandom()
    return {
        "message": f"Hi, '{payload.name.upper()}'. Your lucky numbers are:",
        "numbers": [rng.randint(1, 41) for _ in range(max(2, min(payload.count, 20)))],
    }


handler = app
