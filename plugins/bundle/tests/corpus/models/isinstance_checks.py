"""`isinstance`, `issubclass`, `match` and dispatch on models."""

from functools import singledispatch

from pydantic import BaseModel


class Event(BaseModel):
    id: int


class Created(Event):
    name: str = ""


class Deleted(Event):
    reason: str = ""


@singledispatch
def describe(value) -> str:
    return "something"


@describe.register
def _(value: Created) -> str:
    return f"created {value.name}"


@describe.register(BaseModel)
def _(value) -> str:
    return "a model"


HANDLERS = {Created: "on_created", Deleted: "on_deleted"}


def example_checks():
    found = []
    for event in (Created(id=1, name="x"), Deleted(id=2), {"id": 3}):
        match event:
            case Created(id=number, name=name):
                found.append((number, name))
            case Event(id=number):
                found.append(number)
            case BaseModel():
                found.append("model")
        found.append(
            (isinstance(event, Event), isinstance(event, BaseModel), HANDLERS.get(type(event)))
        )
        found.append(describe(event))
    return (
        found,
        issubclass(Created, BaseModel),
        Created.__mro__[1].__name__,
        Event.__subclasses__(),
    )
