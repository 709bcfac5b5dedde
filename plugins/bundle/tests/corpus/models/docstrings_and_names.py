"""Docstrings, names and modules of models."""

from pydantic import BaseModel, ConfigDict


class Described(BaseModel):
    """A model with a docstring."""

    model_config = ConfigDict(title="A title", use_attribute_docstrings=True)

    name: str
    """The name of it."""
    count: int = 0
    """How many."""


def example_names():
    return Described.__doc__, Described.__name__, Described.__module__, Described.__qualname__


def example_title_in_errors():
    try:
        Described(count="x")
    except ValueError as error:
        return error, error.title
