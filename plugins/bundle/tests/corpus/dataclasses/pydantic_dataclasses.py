"""pydantic's dataclasses: `Field`, `__post_init__`, `InitVar`, `kw_only`, `frozen`, `slots`, validators."""

import dataclasses
from dataclasses import InitVar

from pydantic import Field, TypeAdapter, field_validator
from pydantic.dataclasses import dataclass


@dataclass
class User:
    id: int
    name: str = "John"
    friends: list[int] = dataclasses.field(default_factory=lambda: [0])
    age: int | None = Field(None, ge=0)
    height: int = dataclasses.field(default=1, metadata={"title": "Height"})


@dataclass(frozen=True, kw_only=True)
class Frozen:
    x: int
    y: str = "a"

    @field_validator("y")
    @classmethod
    def upper(cls, value: str) -> str:
        return value.upper()


@dataclass(config={"validate_assignment": True, "str_strip_whitespace": True})
class Assigned:
    name: str
    factor: InitVar[int] = 2
    size: int = dataclasses.field(init=False, default=0)

    def __post_init__(self, factor: int) -> None:
        self.size = len(self.name) * factor


@dataclass(slots=True, order=True)
class Slotted:
    a: int
    b: int = 0


@dataclass
class Child(User):
    nick: str = "none"


USER = TypeAdapter(User)


def example_users():
    user = User(id="42", friends=["1"])
    return (
        user,
        dataclasses.asdict(user),
        USER.dump_json(user),
        Child(id=1, nick="x"),
        dataclasses.is_dataclass(user),
    )


def example_others():
    return (
        Frozen(x="1"),
        Assigned("abc", 3).size,
        Slotted(1) < Slotted(2),
        dataclasses.replace(Slotted(1), a="3"),
    )


def example_frozen():
    Frozen(x=1).x = 2


def example_wrong():
    return User(id="x", age=-1)
