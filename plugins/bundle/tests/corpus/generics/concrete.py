"""Generic models, concrete by constants, fields, annotations and calls."""

from typing import Generic, Optional, TypeVar

from pydantic import BaseModel, Field, field_validator

T = TypeVar("T")
K = TypeVar("K")


class Item(BaseModel):
    id: int


class Page(BaseModel, Generic[T]):
    items: list[T]
    total: int = Field(0, ge=0)
    next: Optional["Page[T]"] = None

    @field_validator("items")
    @classmethod
    def not_too_many(cls, value: list[T]) -> list[T]:
        if len(value) > 2:
            raise ValueError("too many")
        return value

    def first(self) -> T:
        return self.items[0]


class Pair(BaseModel, Generic[K, T]):
    key: K
    value: T


ItemPage = Page[Item]


class Answer(BaseModel):
    page: Page[Item]
    pairs: list[Pair[str, int]] = []


class Numbers(Page[int]):
    unit: str = "m"


def example_pages():
    page = ItemPage(items=[{"id": "1"}])
    return (
        page,
        page.first(),
        type(page).__name__,
        Page[int](items=["1"]),
        Numbers(items=["2"]).unit,
    )


def example_isinstance():
    return (
        isinstance(ItemPage(items=[]), Page),
        Page[Item] is ItemPage,
        issubclass(Numbers, Page),
        Page[int] is Page[str],
    )


def example_unparametrized():
    return Page(items=["x", 1]), Pair(key=1, value=[2])


def example_pairs():
    return Answer(page=Page[Item](items=[]), pairs=[{"key": "a", "value": "1"}]), Answer(
        page=Page(items=[Item(id=1)])
    )
