"""`TypeAdapter` in functions, class attributes and methods."""

from functools import cache

from pydantic import BaseModel, TypeAdapter, ValidationError


class Item(BaseModel):
    id: int


class Store:
    adapter = TypeAdapter(list[Item])

    def load(self, text: str) -> list[Item]:
        return self.adapter.validate_json(text)

    def one(self, data: object) -> Item:
        return TypeAdapter(Item).validate_python(data)


@cache
def numbers() -> TypeAdapter[list[int]]:
    return TypeAdapter(list[int])


def parse(data):
    try:
        return TypeAdapter(dict[str, Item]).validate_python(data)
    except ValidationError as error:
        return error.errors()


def example_functions():
    return (
        Store().load('[{"id": "1"}]'),
        Store().one({"id": 2}),
        numbers().validate_python(["3"]),
        parse({"a": {}}),
    )
