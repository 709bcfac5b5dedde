"""`.schema()` and `.schema_json()` of pydantic 1."""

from pydantic import BaseModel


class Item(BaseModel):
    id: int


def example_schema():
    return Item.schema(), Item.schema_json()
