"""`create_model` in a function."""

from pydantic import BaseModel, create_model


class Base(BaseModel):
    id: int


def partial(model: type[BaseModel]) -> type[BaseModel]:
    return create_model(f"Partial{model.__name__}", id=(int | None, None))


def example_partial():
    return partial(Base)(), partial(Base)(id="3")
