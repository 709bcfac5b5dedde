from typing import *

from pydantic import *

__all__ = ["Item", "Items", "make"]


class Item(BaseModel):
    name: str = Field("a", min_length=1)


class Items(BaseModel):
    items: List[Item] = []
    note: Optional[str] = None


def make(name: str) -> Item:
    return Item(name=name)
