"""The problem that the caller gets for each error of the orders."""

from gateway.problem import KeyReused, NotFound, Problem, UnprocessableContent
from orders.pricing import UnorderableError
from orders.store import KeyReusedError, UnknownOrderError


def to_problem(error: Exception) -> Problem | None:
    """Return the problem for an error, or None for an unforeseen one."""
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
