from .models import CHEAP, FREE, PRICES, SCHEMAS, Cart, Plan, Price
from .models import NAMES as PLAN_NAMES


def total(prices: list[Price]) -> str:
    return str(sum(price.amount for price in prices))


def example_service():
    return (
        CHEAP is FREE,
        total(list(PRICES.values())),
        PLAN_NAMES,
        Cart(),
        SCHEMAS[1].validate_python([{"plan": "free", "amount": "1"}]),
    )


def example_default():
    return (
        Cart().price is FREE,
        Cart().plans is Cart().plans,
        Cart(price={"plan": Plan.PAID, "amount": "1.5"}),
    )
