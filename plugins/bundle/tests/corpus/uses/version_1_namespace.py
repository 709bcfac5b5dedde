"""`pydantic.v1`."""

from pydantic.v1 import BaseModel


class Model(BaseModel):
    x: int = 0


def example_model():
    return Model(x="1").x
