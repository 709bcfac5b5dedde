"""`model_validate_json`: bytes, partial JSON, broken JSON, big numbers, duplicate keys."""

from typing import Any

from pydantic import BaseModel, TypeAdapter
from pydantic_core import from_json, to_json, to_jsonable_python


class Model(BaseModel):
    number: int
    anything: Any = None


ANY = TypeAdapter(list[Model])


def example_texts():
    texts = [
        b'{"number": 1}',
        '{"number": 1, "number": 2}',
        '{"number": 1' + "0" * 60 + "}",
        '{"number": 1e3}',
        "",
        "[]",
    ]
    told = []
    for text in texts:
        try:
            told.append(Model.model_validate_json(text))
        except ValueError as error:
            told.append(error)
    return told


def example_core_functions():
    return (
        from_json('{"a": [1, 2', allow_partial=True),
        to_json({"a": Model(number=1)}),
        to_jsonable_python(Model(number=1)),
    )


def example_partial():
    return ANY.validate_json('[{"number": 1}, {"num', experimental_allow_partial=True)
