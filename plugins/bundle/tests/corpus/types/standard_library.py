"""`Decimal`, `Fraction`, `complex`, `Pattern`, `Hashable`, `Callable`, `type[…]`, `ZoneInfo`."""

import re
from collections.abc import Callable, Hashable
from decimal import Decimal
from fractions import Fraction
from re import Pattern
from zoneinfo import ZoneInfo

from pydantic import BaseModel


class Numbers(BaseModel):
    decimal: Decimal = Decimal("1.50")
    fraction: Fraction = Fraction(1, 2)
    number: complex = 1j


class Animal:
    pass


class Dog(Animal):
    pass


class Others(BaseModel):
    pattern: Pattern[str] = re.compile("a")
    hashable: Hashable = 1
    function: Callable[[int], int] | None = None
    kind: type[Animal] = Dog
    any_kind: type = int


class Zones(BaseModel):
    zone: ZoneInfo | None = None


def example_others():
    return Others(function=abs, kind=Animal, pattern="[0-9]+"), Others(kind=int), Zones(zone="UTC")
