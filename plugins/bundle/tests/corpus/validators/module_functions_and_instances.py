"""Validators that are `functools.partial`s, bound methods, classes and callable instances."""

import functools
import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator


class Matches:
    def __init__(self, pattern: str) -> None:
        self.pattern = re.compile(pattern)

    def __call__(self, value: str) -> str:
        if not self.pattern.match(value):
            raise ValueError(f"does not match {self.pattern.pattern}")
        return value

    def check(self, value: str) -> str:
        return self(value)


def at_least(value: int, minimum: int) -> int:
    if value < minimum:
        raise ValueError(f"must be at least {minimum}")
    return value


def between(low, high):
    def check(value):
        if not low <= value <= high:
            raise ValueError(f"must be between {low} and {high}")
        return value

    return check


LETTERS = Matches("[a-z]+$")


class Partial(BaseModel):
    number: Annotated[int, AfterValidator(functools.partial(at_least, minimum=3))] = 3


class Instance(BaseModel):
    text: Annotated[str, AfterValidator(LETTERS)] = "a"
    other: Annotated[str, AfterValidator(LETTERS.check)] = "b"
    number: Annotated[float, BeforeValidator(float)] = 1.0


def example_all():
    return Partial(number=5), Instance(text="abc")
