"""`.dict()`, `.json()`, `.copy()` and `.parse_obj()`, as code from pydantic 1 calls them."""

from pydantic import BaseModel, Field


class Address(BaseModel):
    city: str = "x"


class Item(BaseModel):
    id: int = Field(alias="ID")
    names: list[str] = []
    address: Address = Address()


def example_methods():
    item = Item.parse_obj({"ID": 1, "names": ["a"]})
    return (
        item.dict(),
        item.dict(by_alias=True, exclude={"names"}),
        item.json(by_alias=True),
        item.json(exclude_none=True, include={"id"}),
        item.copy(update={"names": ["b"]}),
        item.copy(include={"names"}),
        item.copy(deep=True).address is item.address,
        Item.construct(id=2),
        Item.parse_raw('{"ID": 3}'),
        Item.validate({"ID": 4}),
        item.__fields_set__,
    )
