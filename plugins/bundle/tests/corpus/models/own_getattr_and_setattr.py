"""A model with `__getattr__` and `__setattr__` of its own."""

from typing import Any

from pydantic import BaseModel


class Loose(BaseModel):
    values: dict[str, int] = {}
    changes: int = 0

    def __getattr__(self, name: str) -> Any:
        if name.startswith("get_"):
            return self.values.get(name[4:])
        return super().__getattr__(name)

    def __setattr__(self, name: str, value: Any) -> None:
        super().__setattr__(name, value)
        if name == "values":
            self.changes += 1


def example_getattr():
    loose = Loose(values={"a": 1})
    loose.values = {"b": 2}
    return loose.get_b, loose.get_a, loose.changes


def example_missing():
    return Loose().nothing
