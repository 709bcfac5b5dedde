"""The models of `POST /claps` and `GET /claps`."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

CLAPS_MAX = 20  # Of one viewer for one post.

Slug = Annotated[
    str,
    Field(
        min_length=1,
        max_length=512,
        description="The name of the post.",
        examples=["an-applause-button"],
    ),
]


class Applause(BaseModel):
    """The body of `POST /claps`: claps for a post."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    slug: Slug
    claps: Annotated[
        int, Field(ge=1, le=CLAPS_MAX, description="How many claps to add.", examples=[3])
    ]


class ApplauseHeaders(BaseModel):
    """The headers of `POST /claps`."""

    model_config = ConfigDict(strict=True, frozen=True, extra="ignore")

    idempotency_key: Annotated[
        str | None,
        Field(
            alias="idempotency-key",
            min_length=1,
            max_length=64,
            description="A unique key of this request. A repeat with it has no effect.",
        ),
    ] = None


class ClapsQuery(BaseModel):
    """The query of `GET /claps`."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    slug: Slug


class ClapCount(BaseModel):
    """The claps of a post, and those of the requesting viewer."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", validate_by_name=True)

    slug: Annotated[str, Field(examples=["an-applause-button"])]
    claps: Annotated[int, Field(description="Those of all viewers.", examples=[41])]
    viewer_clap_count: Annotated[
        int, Field(alias="viewerClapCount", description="Those of this viewer.", examples=[3])
    ]
    limit: Annotated[
        int, Field(description="How many a viewer can give a post.", examples=[CLAPS_MAX])
    ]
