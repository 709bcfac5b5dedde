"""Models as values: in enums, in dicts by name, `type(…)`, `getattr(module, name)`, `NamedTuple`s of models."""

import sys
from enum import Enum
from typing import NamedTuple, Type, Union

from pydantic import BaseModel


class Created(BaseModel):
    id: int


class Deleted(BaseModel):
    id: int
    reason: str = ""


class Kind(Enum):
    CREATED = Created
    DELETED = Deleted


class Route(NamedTuple):
    path: str
    model: Type[BaseModel]


ROUTES = [Route("/created", Created), Route("/deleted", Deleted)]
EVENTS = {model.__name__: model for model in (Created, Deleted)}


def parse(name: str, data: dict) -> Union[Created, Deleted]:
    return EVENTS[name].model_validate(data)


def example_kinds():
    module = sys.modules[__name__]
    return (
        Kind.CREATED.value(id=1),
        parse("Deleted", {"id": "2"}),
        getattr(module, "Created")(id=3),
        [route.model.model_validate({"id": 4}) for route in ROUTES],
        issubclass(ROUTES[0].model, BaseModel),
    )
