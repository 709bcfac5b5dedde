"""Class decorators: registries, functions that replace methods, `total_ordering`."""

from functools import total_ordering

from pydantic import BaseModel

REGISTRY: dict[str, type[BaseModel]] = {}


def register(name: str):
    def decorate(cls):
        REGISTRY[name] = cls
        cls.registered_name = name
        return cls

    return decorate


def loud(cls):
    original = cls.__str__
    cls.__str__ = lambda self: original(self).upper()
    return cls


@register("event")
@loud
class Event(BaseModel):
    id: int


@total_ordering
class Version(BaseModel):
    major: int
    minor: int = 0

    def __lt__(self, other: "Version") -> bool:
        return (self.major, self.minor) < (other.major, other.minor)


@register("other")
class Other(Event):
    name: str = ""


def example_decorated():
    return (
        REGISTRY["event"](id=1),
        str(Event(id=1)),
        Event.registered_name,
        str(REGISTRY["other"](id=2)),
        Version(major=1) >= Version(major=0),
    )
