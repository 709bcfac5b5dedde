"""`.dict()`, `.json()`, `.copy()`, `.parse_obj()` and their kin, with their warnings."""

from pydantic import BaseModel, Field


class Item(BaseModel):
    id: int = Field(alias="ID")
    names: list[str] = []


def example_methods():
    item = Item.parse_obj({"ID": 1, "names": ["a"]})
    return (
        item.dict(),
        item.dict(by_alias=True, exclude={"names"}),
        item.json(by_alias=True),
        item.copy(update={"names": ["b"]}),
        item.copy(include={"names"}),
        Item.construct(id=2),
        Item.parse_raw('{"ID": 3}'),
        Item.validate({"ID": 4}),
        item.__fields_set__,
        list(Item.__fields__),
    )


def example_json_options():
    return Item(ID=1).json(indent=2)


def example_schema():
    return Item.schema()


def example_update_forward_refs():
    return Item.update_forward_refs()
