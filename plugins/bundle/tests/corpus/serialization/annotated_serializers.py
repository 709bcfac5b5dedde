"""`PlainSerializer` and `WrapSerializer` in `Annotated`."""

from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, PlainSerializer, SerializerFunctionWrapHandler, WrapSerializer

Money = Annotated[
    Decimal, PlainSerializer(lambda value: f"{value:.2f}", return_type=str, when_used="json")
]


def wrapped(value: Any, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
    return {"value": handler(value)}


def as_int(value: str) -> int:
    return len(value)


class Price(BaseModel):
    amount: Money
    amounts: list[Money] = []
    wrapped: Annotated[dict[str, Decimal], WrapSerializer(wrapped)] = {}
    size: Annotated[str, PlainSerializer(as_int)] = ""
