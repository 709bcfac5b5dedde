"""Annotated types with validators, reused by several models and in containers."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field


def strip(value):
    return value.strip() if isinstance(value, str) else value


def not_empty(value: str) -> str:
    assert value, "must not be empty"
    return value


Text = Annotated[str, BeforeValidator(strip), AfterValidator(not_empty), Field(max_length=50)]


class Author(BaseModel):
    name: Text


class Book(BaseModel):
    title: Text
    authors: list[Author] = Field(min_length=1)
    keywords: dict[Text, list[Text]] = {}
