"""Enums of all kinds, `Literal`, `use_enum_values`, defaults that are members, `_missing_`."""

from enum import Enum, Flag, IntEnum, StrEnum, auto
from typing import Literal

from pydantic import BaseModel, ConfigDict


class Color(str, Enum):
    RED = "red"
    BLUE = "blue"


class Size(IntEnum):
    SMALL = 1
    LARGE = 2


class Mode(StrEnum):
    FAST = auto()
    SLOW = auto()

    @classmethod
    def _missing_(cls, value):
        return cls.SLOW if value == "snail" else None


class Plain(Enum):
    PAIR = (1, 2)
    TEXT = "text"

    @property
    def kind(self) -> str:
        return type(self.value).__name__


class Permission(Flag):
    READ = 1
    WRITE = 2


class Item(BaseModel):
    color: Color = Color.RED
    size: Size = Size.SMALL
    mode: Mode | None = None
    plain: Plain = Plain.PAIR
    permission: Permission = Permission.READ
    kind: Literal["a", 1, True, None, Color.BLUE] = "a"
    colors: dict[Color, list[Size]] = {Color.BLUE: [Size.LARGE]}


class Values(BaseModel):
    model_config = ConfigDict(use_enum_values=True)
    color: Color = Color.RED
    size: Size | None = None


def example_enums():
    item = Item(color="blue", mode="snail", kind=Color.BLUE)
    return (
        item,
        item.plain.kind,
        Values(color="blue"),
        Values(),
        item.model_dump_json(),
        item.color is Color.BLUE,
    )
