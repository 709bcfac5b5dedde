"""The parameters of `GET /assets/{name}` and `GET /problems/{name}`."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class AssetPath(BaseModel):
    """The name of a file; the paths of the other routes have none."""

    model_config = ConfigDict(strict=True, frozen=True)

    name: Annotated[str, Field(description="The name of the file.", examples=["style.css"])] = ""


class ProblemPath(BaseModel):
    """The path of `GET /problems/{name}`: the name of a type, in kebab-case."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    name: Annotated[
        str,
        Field(
            pattern="^[a-z]+(-[a-z]+)*$",
            max_length=40,
            description="The name of the type of problem.",
            examples=["not-found"],
        ),
    ]
