"""Validators made by functions of the service, and reused serializers."""

from typing import Any

from pydantic import BaseModel, field_serializer, field_validator


def lower(*fields: str) -> Any:
    def to_lower(cls: type, value: str) -> str:
        return value.lower()

    return field_validator(*fields)(classmethod(to_lower))


def shorten(value: str) -> str:
    return value[:3]


class Factory(BaseModel):
    name: str
    city: str = "X"
    _lower = lower("name", "city")


class Reused(BaseModel):
    name: str
    city: str = "abcdef"
    _short = field_serializer("name", "city")(shorten)


def example_both():
    return Factory(name="ABC"), Reused(name="abcdef").model_dump()
