from decimal import Decimal
from enum import Enum

from pydantic import BaseModel, TypeAdapter


class Plan(str, Enum):
    FREE = "free"
    PAID = "paid"


class Price(BaseModel):
    plan: Plan
    amount: Decimal


PRICES = {plan: Price(plan=plan, amount=Decimal(index)) for index, plan in enumerate(Plan)}
FREE = PRICES[Plan.FREE]
SCHEMAS = [Price, TypeAdapter(list[Price])]
(CHEAP, DEAR), NAMES = (
    sorted(PRICES.values(), key=lambda price: price.amount),
    [price.plan.value for price in PRICES.values()],
)


class Cart(BaseModel):
    price: Price = FREE
    plans: list[Plan] = list(Plan)
