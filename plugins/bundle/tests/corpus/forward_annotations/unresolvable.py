"""A forward reference that nothing defines: pydantic's exception when the model is used."""

from pydantic import BaseModel, ValidationError
from pydantic.errors import PydanticUserError


class Model(BaseModel):
    missing: "Nowhere"
    other: int = 0


def example_used():
    return Model(missing=1)


def example_caught():
    try:
        Model.model_validate({})
    except (PydanticUserError, ValidationError) as error:
        return type(error).__name__, error.code


def example_rebuild():
    return Model.model_rebuild(raise_errors=False)
