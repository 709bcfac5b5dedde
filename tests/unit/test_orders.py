"""A stored order has the numbers of the table, as `aws.dynamodb.unmarshal` reads them."""

from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from orders.payload import StoredOrder
from tests.support.orders import new_order


def stored(price: Any, quantity: Any, total: Any) -> StoredOrder:
    """Return an order with one line, parsed from the values of the table."""
    values = new_order().model_dump()
    values["order_items"][0] |= {"price": price, "quantity": quantity}
    return StoredOrder.model_validate(values | {"order_total": total})


def test_an_amount_may_be_an_int_or_a_decimal() -> None:
    ints, decimals = stored(5, 2, 10), stored(Decimal(5), 2, Decimal(10))
    assert f"{ints.order_total:.2f}" == f"{decimals.order_total:.2f}" == "10.00"
    assert f"{stored(Decimal('0.5'), 1, Decimal('0.5')).order_total:.2f}" == "0.50"


@pytest.mark.parametrize(
    ("price", "quantity", "total"),
    [
        ("5", 2, 10),
        (5.0, 2, 10),
        (5, "2", 10),
        (5, True, 5),
        (-1, 2, 10),
        (Decimal("0.001"), 2, 10),
        (5, 0, 10),
        (5, 101, 10),
        (5, Decimal("1.5"), 10),
        (5, 2, Decimal("NaN")),
        (5, 2, None),
    ],
)
def test_other_numbers_are_refused(price: Any, quantity: Any, total: Any) -> None:
    with pytest.raises(ValidationError):
        stored(price, quantity, total)
