"""Abstract base classes: with `ABC`, and abstract methods alone."""

import abc
from abc import ABC, abstractmethod

from pydantic import BaseModel


class Shape(BaseModel, ABC):
    name: str = "shape"

    @abstractmethod
    def area(self) -> float: ...


class Square(Shape):
    side: float

    def area(self) -> float:
        return self.side**2


class Task(BaseModel):
    id: int

    @abc.abstractmethod
    def run(self): ...

    @property
    @abc.abstractmethod
    def kind(self) -> str: ...


class Print(Task):
    text: str = ""

    def run(self):
        return self.text

    @property
    def kind(self) -> str:
        return "print"


class HalfDone(Task):
    def run(self):
        return None


def example_concrete():
    return (
        Square(side=2).area(),
        Print(id=1, text="x").run(),
        Print(id=1).kind,
        isinstance(Square(side=1), ABC),
    )


def example_abstract():
    return Shape()


def example_abstract_method():
    return Task(id=1)


def example_half_done():
    return HalfDone(id=1)


def example_validate_abstract():
    return Task.model_validate({"id": 1})
