"""Dumps warn of values that were assigned without validation."""

from pydantic import BaseModel


class Inner(BaseModel):
    n: int = 0


class Model(BaseModel):
    number: int = 1
    text: str = "a"
    inner: Inner = Inner()
    items: list[int] = []


def example_warnings():
    model = Model()
    model.number = "no number"
    model.inner = {"n": 1}
    model.items.append("x")
    return (
        model.model_dump(),
        model.model_dump_json(),
        Model.model_construct(text=1).model_dump_json(),
    )


def example_errors():
    model = Model()
    model.text = 5
    return model.model_dump_json(warnings="error")


def example_unserializable():
    model = Model()
    model.text = object
    return model.model_dump_json(warnings=False)
