"""Maps the errors of claps to problem details."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claps.payload import CLAPS_MAX
from claps.store import KeyReusedError, LimitExceededError
from gateway.problem import KeyReused, Problem

if TYPE_CHECKING:
    from typing import Annotated

    from pydantic import Field


class ClapLimitExceeded(Problem):
    """Raised when a request would exceed a viewer's limit of claps for a post."""

    status = 409
    title = "Clap Limit Exceeded"
    viewerClapCount: Annotated[  # noqa: N815 (its name in the response)
        int, Field(description="How many claps this viewer has given the post.", examples=[20])
    ]
    limit: Annotated[
        int, Field(description="How many a viewer can give a post.", examples=[CLAPS_MAX])
    ]


def to_problem(error: Exception) -> Problem | None:
    """Return the problem for an error, or None if the error is unexpected."""
    match error:
        case LimitExceededError():
            return ClapLimitExceeded(
                f"A viewer can give a post at most {CLAPS_MAX} claps.",
                viewerClapCount=error.viewer,
                limit=CLAPS_MAX,
            )
        case KeyReusedError():
            return KeyReused()
    return None
