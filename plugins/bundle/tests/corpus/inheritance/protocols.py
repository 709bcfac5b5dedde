"""Models that are instances of a runtime-checkable `Protocol` and of a registered ABC."""

from collections.abc import Iterable, Sized
from typing import Protocol, runtime_checkable

from pydantic import BaseModel


@runtime_checkable
class HasName(Protocol):
    name: str


class Person(BaseModel):
    name: str

    def __len__(self) -> int:
        return len(self.name)


class Greeter(BaseModel):
    model_config = {"arbitrary_types_allowed": True}

    who: HasName


def example_protocols():
    person = Person(name="Ann")
    return (
        isinstance(person, HasName),
        isinstance(person, Sized),
        isinstance(person, Iterable),
        len(person),
        Greeter(who=person),
    )
