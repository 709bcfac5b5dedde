"""Models passed to `dict()`, `json.dumps(default=…)`, f-strings, `print`, `**`, `vars`, `sorted`."""

import json
from operator import attrgetter

from pydantic import BaseModel


class Item(BaseModel):
    name: str
    size: int = 1


def default(value):
    return value.model_dump() if isinstance(value, BaseModel) else str(value)


def example_uses():
    items = [Item(name="b"), Item(name="a", size=2)]
    print(items)
    return (
        dict(items[0]),
        json.dumps({"items": items}, default=default),
        f"{items[0]} {items[0]!r}",
        Item(**items[1].model_dump(), other=1),
        vars(items[0]),
        sorted(items, key=attrgetter("name")),
        {**dict(items[0]), "x": 1},
        [getattr(items[0], field) for field in Item.model_fields],
    )


def example_partial_update():
    stored = Item(name="a", size=5)
    patch = Item.model_construct(size=7, _fields_set={"size"})
    return stored.model_copy(update=patch.model_dump(exclude_unset=True))
