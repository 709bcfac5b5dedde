"""The problem that the caller gets for each error of the claps."""

from claps.payload import CLAPS_MAX
from claps.store import CapPassedError, KeyReusedError
from gateway.problem import Conflict, KeyReused, Problem


def to_problem(error: Exception) -> Problem | None:
    """Return the problem for an error, or None for an unforeseen one."""
    match error:
        case CapPassedError():
            return Conflict(
                f"A viewer can give a post at most {CLAPS_MAX} claps.",
                viewerClapCount=error.viewer,
                limit=CLAPS_MAX,
            )
        case KeyReusedError():
            return KeyReused()
    return None
