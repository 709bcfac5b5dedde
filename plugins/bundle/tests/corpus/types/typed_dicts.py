"""`TypedDict`: required, not required, read-only, nested, with `total=False`."""

from typing import Annotated, NotRequired

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, with_config
from typing_extensions import Required, TypedDict


class Address(TypedDict):
    street: str
    number: NotRequired[Annotated[int, Field(gt=0)]]


class Loose(TypedDict, total=False):
    name: Required[str]
    size: float


@with_config(ConfigDict(extra="forbid", str_to_lower=True))
class Configured(TypedDict):
    key: str


class Person(BaseModel):
    name: str
    address: Address
    loose: Loose | None = None
    configured: list[Configured] = []


ADDRESS = TypeAdapter(Address)


def example_typed_dicts():
    person = Person(name="a", address={"street": "x", "number": "3"}, configured=[{"key": "ABC"}])
    return person, person.address["number"], ADDRESS.validate_python({"street": 1})
