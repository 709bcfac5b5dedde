"""pydantic's dataclasses in models and models in dataclasses."""

from typing import Optional

from pydantic import BaseModel
from pydantic.dataclasses import dataclass


class Item(BaseModel):
    name: str


@dataclass
class Box:
    items: list[Item]
    inner: Optional["Box"] = None


class Shelf(BaseModel):
    boxes: dict[str, Box]


def example_shelf():
    shelf = Shelf(boxes={"a": {"items": [{"name": "x"}], "inner": {"items": []}}})
    return shelf, shelf.model_dump_json(), Shelf(boxes={"a": Box(items=[Item(name="y")])})
