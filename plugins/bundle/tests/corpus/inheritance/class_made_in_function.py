"""A model defined in a function."""

from pydantic import BaseModel


def make_model(name_default: str) -> type[BaseModel]:
    class Local(BaseModel):
        name: str = name_default
        count: int

    return Local


def example_local():
    model = make_model("ann")
    return model(count="3"), model(count=1, name="b").model_dump()
