"""Deprecated fields warn when they are read."""

from typing import Annotated

from pydantic import BaseModel, Field, computed_field
from typing_extensions import deprecated


class Model(BaseModel):
    old: Annotated[int, Field(deprecated="Use new.")] = 1
    older: Annotated[int, deprecated("Gone soon.")] = 2
    new: int = 3

    @computed_field(deprecated="Do not use.")
    @property
    def total(self) -> int:
        return self.new


def example_read():
    model = Model(old=5)
    return model.old, model.older, model.new, model.total
