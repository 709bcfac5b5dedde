"""`NewType`, `type` aliases, `TypeAliasType`, `Final`, `TypeVar` with bound."""

from typing import Annotated, Final, NewType

from pydantic import BaseModel, Field
from typing_extensions import TypeAliasType

UserId = NewType("UserId", int)
Names = TypeAliasType("Names", list[Annotated[str, Field(min_length=1)]])
Nested = TypeAliasType("Nested", "list[Nested] | int")


class User(BaseModel):
    id: UserId
    names: Names = []
    nested: Nested = 0
    kind: Final[str] = "user"
    version: Final[int]


def example_new_types():
    return User(id=UserId(3), version=1, names=["a"], nested=[1, [2, ["3"]]]), UserId(5)
