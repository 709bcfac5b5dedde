"""The models of `POST /claps` and `GET /claps`."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

CLAPS_MAX = 20  # Of one viewer for one post.

Slug = Annotated[str, Field(min_length=1, max_length=512)]


class Applause(BaseModel):
    """The body of `POST /claps`: claps for a post."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    slug: Slug
    claps: Annotated[int, Field(ge=1, le=CLAPS_MAX)]


class ApplauseHeaders(BaseModel):
    """The headers of `POST /claps`."""

    model_config = ConfigDict(strict=True, frozen=True, extra="ignore")

    idempotency_key: Annotated[
        str | None, Field(alias="idempotency-key", min_length=1, max_length=64)
    ] = None


class ClapsQuery(BaseModel):
    """The query of `GET /claps`."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    slug: Slug


class ClapCount(BaseModel):
    """The claps of a post, and those of the requesting viewer."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", validate_by_name=True)

    slug: str
    claps: int
    viewer_clap_count: Annotated[int, Field(alias="viewerClapCount")]
    limit: int
