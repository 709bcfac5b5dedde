"""pydantic's dataclasses, for the tests of the stand-ins."""

import dataclasses
from dataclasses import KW_ONLY, InitVar
from typing import ClassVar

from pydantic import ConfigDict, Field, computed_field, field_validator, model_validator
from pydantic.dataclasses import dataclass


@dataclass
class Point:
    x: int
    y: int = Field(1, ge=0, repr=False)
    tags: list[str] = Field(default_factory=list, kw_only=True)
    names: list[str] = dataclasses.field(default_factory=lambda: ["a"])
    limit: ClassVar[int] = 4

    @field_validator("x")
    @classmethod
    def check(cls, value: int) -> int:
        if value > cls.limit:
            raise ValueError(f"{cls.__name__} is above {cls.limit}")
        return value

    @computed_field  # type: ignore[prop-decorator]
    @property
    def total(self) -> int:
        return self.x + self.y


@dataclass(frozen=True, order=True)
class Fixed:
    left: int
    _: KW_ONLY
    right: int = 2


@dataclass(config=ConfigDict(validate_assignment=True, extra="forbid"), slots=True)
class Slotted:
    """Its own words."""

    value: int
    other: str = "a"


@dataclass(config={"validate_assignment": True})
class Assigned:
    value: int
    made: int = Field(init=False, default=3)
    factor: InitVar[int] = 2

    def __post_init__(self, factor: int) -> None:
        self.value *= factor

    @property
    def half(self) -> float:
        return self.value / 2

    @half.setter
    def half(self, value: float) -> None:
        self.value = int(value * 2)


@dataclass
class Deep(Point):
    inner: Fixed | None = None

    @model_validator(mode="after")
    def check_inner(self) -> "Deep":
        if self.inner and self.inner.left > self.x:
            raise ValueError("inner is above")
        return self


@dataclass(kw_only=True, eq=False, repr=False)
class Bare:
    value: int = 1


class Plain(Fixed):
    """A subclass that is not decorated: it validates as its base does."""

    def sum(self) -> int:
        return self.left + self.right
