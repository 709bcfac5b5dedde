"""Maps the errors of orders to problem details."""

from gateway.problem import Problem, UnprocessableContent
from orders.pricing import UnorderableError


def to_problem(error: Exception) -> Problem | None:
    """Return the problem for an error, or None if the error is unexpected."""
    match error:
        case UnorderableError():
            errors = [
                {"pointer": f"/order_items/{index}/item_id", "detail": detail}
                for index, detail in error.lines.items()
            ]
            return UnprocessableContent("Some items cannot be ordered.", errors=errors)
    return None
