"""Maps the errors of orders to problem details."""

from gateway.problem import InvalidRequest, Problem
from orders.pricing import UnorderableError


class ItemsNotOrderable(InvalidRequest):
    """Raised when items of an order are not in the catalogue, or in two of its lines."""

    status = 422
    title = "Items Not Orderable"


def to_problem(error: Exception) -> Problem | None:
    """Return the problem for an error, or None if the error is unexpected."""
    match error:
        case UnorderableError():
            errors = [
                {"pointer": f"/order_items/{index}/item_id", "detail": detail}
                for index, detail in error.lines.items()
            ]
            return ItemsNotOrderable("Some items cannot be ordered.", errors=errors)
    return None
