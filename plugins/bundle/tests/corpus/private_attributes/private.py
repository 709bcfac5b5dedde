"""Private attributes: `PrivateAttr`, plain underscore names, inherited, in copies."""

from datetime import datetime
from random import Random
from typing import ClassVar

from pydantic import BaseModel, ConfigDict, PrivateAttr


class TimeAware(BaseModel):
    _processed_at: datetime = PrivateAttr(default_factory=lambda: datetime(2024, 1, 1))
    _secret: str
    _count = 0
    _names: list[str] = ["a"]
    _shared: ClassVar[list[str]] = ["b"]
    name: str = "x"

    def __init__(self, **data):
        super().__init__(**data)
        self._secret = f"secret of {self.name}"

    def count(self) -> int:
        self._count += 1
        return self._count


class Child(TimeAware):
    model_config = ConfigDict(frozen=True)
    _more: int = PrivateAttr(5)
    _random: Random = PrivateAttr(default_factory=lambda: Random(3))

    def roll(self) -> int:
        return self._random.randint(1, 6)


def example_private():
    aware = TimeAware(name="n")
    other = TimeAware()
    aware._names.append("z")
    aware.count()
    return (
        aware,
        aware._secret,
        aware.count(),
        other._names,
        aware._processed_at,
        TimeAware._shared,
        aware == other,
    )


def example_child():
    child = Child(name="c")
    child._more = 6
    return child._more, child.model_copy()._more, child.roll(), child.count(), child._shared


def example_unset():
    class_made = TimeAware.model_construct()
    return class_made._secret


def example_unknown():
    TimeAware()._unknown = 1
