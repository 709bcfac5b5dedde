"""The parameter of `GET /assets/{name}`."""

from pydantic import BaseModel, ConfigDict


class AssetPath(BaseModel):
    """The name of a file; the paths of the other routes have none."""

    model_config = ConfigDict(strict=True, frozen=True)

    name: str = ""
