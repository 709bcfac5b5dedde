"""Maps the errors of items to problem details."""

from gateway.problem import KeyReused, NotFound, PreconditionFailed, Problem
from items.keys import KeyReusedError
from items.store import StaleVersionError, UnknownItemError


def to_problem(error: Exception) -> Problem | None:
    """Return the problem for an error, or None if the error is unexpected."""
    match error:
        case UnknownItemError():
            return NotFound("There is no such item.")
        case StaleVersionError():
            return PreconditionFailed("The item has another version. Get it again.")
        case KeyReusedError():
            return KeyReused()
    return None
