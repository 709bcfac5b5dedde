"""What `POST /claps` and `GET /claps` take and give."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

CLAPS_MAX = 20  # Of one viewer for one post.

Slug = Annotated[str, Field(min_length=1, max_length=512)]


class Applause(BaseModel):
    """Claps for a post."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    slug: Slug
    claps: Annotated[int, Field(ge=1, le=CLAPS_MAX)]


class ApplauseHeaders(BaseModel):
    """What makes a second applause a repeat of the first."""

    model_config = ConfigDict(strict=True, frozen=True, extra="ignore")

    idempotency_key: Annotated[
        str | None, Field(alias="idempotency-key", min_length=1, max_length=64)
    ] = None


class Post(BaseModel):
    """Which post's claps are asked for."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    slug: Slug


class ClapCount(BaseModel):
    """The claps of a post, and this viewer's share."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", validate_by_name=True)

    slug: str
    claps: int
    viewer_clap_count: Annotated[int, Field(alias="viewerClapCount")]
    limit: int
