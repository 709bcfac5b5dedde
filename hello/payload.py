"""What `GET /hello` takes."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class Caller(BaseModel):
    """Who wants to be greeted."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    first_name: Annotated[str, Field(max_length=256)] = ""
