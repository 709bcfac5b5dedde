"""Models defined in `if`, `try` and `for`, and redefined."""

import sys

from pydantic import BaseModel

if sys.version_info >= (3, 0):

    class Model(BaseModel):
        x: int = 3

else:

    class Model(BaseModel):
        x: int = 2


class Twice(BaseModel):
    a: int


class Twice(Twice):  # noqa: F811
    b: int = 0


BY_NAME = {}
for name in ("First", "Second"):

    class Loop(BaseModel):
        name: str = name

    BY_NAME[name] = Loop


def example_models():
    return Model(), Twice(a=1), BY_NAME["First"](), BY_NAME["Second"]()
