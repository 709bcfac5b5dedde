"""Maps the errors of claps to problem details."""

from claps.payload import CLAPS_MAX
from claps.store import KeyReusedError, LimitExceededError
from gateway.problem import Conflict, KeyReused, Problem


def to_problem(error: Exception) -> Problem | None:
    """Return the problem for an error, or None if the error is unexpected."""
    match error:
        case LimitExceededError():
            return Conflict(
                f"A viewer can give a post at most {CLAPS_MAX} claps.",
                viewerClapCount=error.viewer,
                limit=CLAPS_MAX,
            )
        case KeyReusedError():
            return KeyReused()
    return None
