"""Code that reads `__annotations__` and `typing.get_type_hints` of a model."""

from typing import get_type_hints

from pydantic import BaseModel


class Row(BaseModel):
    id: int
    name: str = ""


COLUMNS = {
    name: kind.__name__ for name, kind in get_type_hints(Row).items() if name != "model_config"
}


def example_hints():
    return {name: COLUMNS[name] for name in ("id", "name")}
