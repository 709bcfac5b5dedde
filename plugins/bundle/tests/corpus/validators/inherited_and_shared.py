"""Validators as functions shared by models, and validators that subclasses override."""

from pydantic import BaseModel, field_validator


def normalize(name: str) -> str:
    return " ".join(word.capitalize() for word in name.split(" "))


class Producer(BaseModel):
    name: str
    normalize_name = field_validator("name")(normalize)


class Consumer(BaseModel):
    name: str
    city: str = ""
    _normalize = field_validator("name", "city")(normalize)


class Base(BaseModel):
    x: int

    @field_validator("x")
    @classmethod
    def check(cls, value: int) -> int:
        return value + 1


class Child(Base):
    y: int = 0

    @field_validator("x")
    @classmethod
    def check(cls, value: int) -> int:
        return super().check(value) * 10


def example_shared():
    return Producer(name="jane doe"), Consumer(name="a b", city="c d"), Child(x=1), Base.check(3)
