"""The problem that the caller gets for each error of the items."""

from gateway.problem import BadRequest, NotFound, PreconditionFailed, Problem
from items.cursor import InvalidCursorError
from items.store import StaleVersionError, UnknownItemError


def to_problem(error: Exception) -> Problem | None:
    """Return the problem for an error, or None for an unforeseen one."""
    match error:
        case UnknownItemError():
            return NotFound("There is no such item.")
        case StaleVersionError():
            return PreconditionFailed("The item has another version. Get it again.")
        case InvalidCursorError():
            errors = [{"parameter": "cursor", "detail": "Not a cursor of a page of items"}]
            return BadRequest("Invalid parameter.", errors=errors)
    return None
