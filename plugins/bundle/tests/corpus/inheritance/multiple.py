"""Mixins: plain classes and models among several bases."""

from datetime import datetime, timezone

from pydantic import BaseModel, Field, field_serializer


class Greets:
    greeting = "hello"

    def greet(self) -> str:
        return f"{self.greeting} {self.name}"


class Timestamps(BaseModel):
    created: datetime = Field(default_factory=lambda: datetime(2024, 1, 1, tzinfo=timezone.utc))

    @field_serializer("created")
    def as_seconds(self, value: datetime) -> int:
        return int(value.timestamp())


class Named(BaseModel):
    name: str = Field(min_length=1)


class Person(Greets, Named, Timestamps):
    age: int = 0


class Robot(Timestamps, Named):
    greeting: str = "beep"


def example_mixins():
    return (
        Person(name="Ann").greet(),
        Person(name="B").model_dump(),
        Robot(name="R").model_dump_json(),
    )
