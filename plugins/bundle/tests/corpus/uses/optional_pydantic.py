"""A module that imports pydantic in `try`, and in a function."""

try:
    from pydantic import BaseModel

    HAS_PYDANTIC = True
except ImportError:
    BaseModel = object
    HAS_PYDANTIC = False


class Model(BaseModel):
    x: int = 0


def check(data):
    from pydantic import ValidationError

    try:
        return Model(**data)
    except ValidationError as error:
        return error.error_count()


def example_model():
    return HAS_PYDANTIC, check({"x": "1"}), check({"x": "a"})
