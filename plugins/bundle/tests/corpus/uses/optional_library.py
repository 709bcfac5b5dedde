"""`try: import …` of a library that is not installed, and `find_spec("pydantic")`."""

import importlib.util

from pydantic import BaseModel

try:
    import orjson_of_the_corpus as faster
except ImportError:
    faster = None

HAS_PYDANTIC = importlib.util.find_spec("pydantic") is not None


class Model(BaseModel):
    x: int = 0


def example_library():
    return faster, HAS_PYDANTIC, Model(x="1")
