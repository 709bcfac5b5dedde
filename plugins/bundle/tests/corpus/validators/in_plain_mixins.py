"""Validators and serializers in a mixin that is no model."""

from typing import Any

from pydantic import BaseModel, field_serializer, field_validator, model_validator


class Stripped:
    @field_validator("*", mode="before")
    @classmethod
    def strip(cls, value: Any) -> Any:
        return value.strip() if isinstance(value, str) else value


class NotEmpty:
    @model_validator(mode="after")
    def not_empty(self):
        if not any(vars(self).values()):
            raise ValueError("empty")
        return self

    @field_serializer("name", check_fields=False)
    def upper(self, value: str) -> str:
        return value.upper()


class Person(Stripped, NotEmpty, BaseModel):
    name: str = ""
    age: int = 0
