"""Maps the errors of orders to problem details."""

from gateway.problem import KeyReused, NotFound, Problem, UnprocessableContent
from orders.pricing import UnorderableError


class UnknownOrderError(Exception):
    """Raised when there is no order with the id."""


class KeyReusedError(Exception):
    """Raised when a user's idempotency key was used for another order before."""


def to_problem(error: Exception) -> Problem | None:
    """Return the problem for an error, or None if the error is unexpected."""
    match error:
        case UnknownOrderError():
            return NotFound("There is no such order.")
        case KeyReusedError():
            return KeyReused()
        case UnorderableError():
            errors = [
                {"pointer": f"/order_items/{index}/item_id", "detail": detail}
                for index, detail in error.lines.items()
            ]
            return UnprocessableContent("Some items cannot be ordered.", errors=errors)
    return None
