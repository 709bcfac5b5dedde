"""The models of `GET /hello`."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class HelloQuery(BaseModel):
    """The query of `GET /hello`."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    first_name: Annotated[
        str, Field(max_length=256, description="Whom to greet.", examples=["Ada"])
    ] = ""
