"""Validators that are closures, made by a function of the module."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel


def between(low, high):
    def check(value):
        if not low <= value <= high:
            raise ValueError(f"must be between {low} and {high}")
        return value

    return check


class Closure(BaseModel):
    number: Annotated[int, AfterValidator(between(1, 5))] = 2
