"""Attributes set on a model after its class statement."""

from pydantic import BaseModel


class Model(BaseModel):
    x: int = 1


def double(self) -> int:
    return self.x * 2


Model.double = double
Model.label = "label"
Model.__str__ = lambda self: f"<{self.x}>"


class Sub(Model):
    y: int = 2


def example_patched():
    return Model(x=2).double(), Sub().label, str(Model()), str(Sub())
