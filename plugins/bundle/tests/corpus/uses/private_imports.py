"""Imports of pydantic's internal modules."""

from pydantic import BaseModel
from pydantic._internal._utils import lenient_issubclass


class Model(BaseModel):
    x: int = 0


def example_internal():
    return lenient_issubclass(Model, BaseModel)
