"""Unions of similar models, chosen by fields; `extra="forbid"` in them."""

from typing import Union

from pydantic import BaseModel, ConfigDict


class Card(BaseModel):
    model_config = ConfigDict(extra="forbid")
    number: str


class Cash(BaseModel):
    model_config = ConfigDict(extra="forbid")
    amount: float
    currency: str = "EUR"


class Transfer(Cash):
    iban: str = ""


class Payment(BaseModel):
    by: Union[Card, Cash, Transfer, None] = None
    parts: list[Card | Cash] = []


def example_payments():
    return (
        Payment(by={"amount": 1, "iban": "x"}),
        Payment(parts=[{"number": "1"}, {"amount": 2}]),
        Payment(by={"x": 1}),
    )
