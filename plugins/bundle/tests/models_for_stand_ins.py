"""Models as a service would define them, for the tests of the stand-ins."""

import functools
from typing import Any, ClassVar

from pydantic import (
    AliasChoices,
    AliasPath,
    BaseModel,
    ConfigDict,
    Field,
    PrivateAttr,
    computed_field,
    field_serializer,
    field_validator,
    model_validator,
)


class Item(BaseModel):
    name: str = Field(min_length=2, alias="itemName")
    price: int = 3
    tags: list[str] = Field(default_factory=list, repr=False)
    secret: str | None = Field(None, exclude=True)
    choice: int = Field(1, validation_alias=AliasChoices("c", AliasPath("path", 0)))
    size: int = Field(default_factory=lambda data: len(data["tags"]), frozen=True)
    old: int = Field(0, deprecated="Use price.")
    limit: ClassVar[int] = 7

    @field_validator("name")
    @classmethod
    def check_name(cls, value: str) -> str:
        if value == "bad":
            raise ValueError(f"{cls.__name__} is bad")
        return value.title()

    @field_serializer("price")
    def write_price(self, value: int) -> str:
        return f"{value}.00"

    @computed_field  # type: ignore[prop-decorator]
    @property
    def label(self) -> str:
        return f"{self.name}!"

    @computed_field(repr=False)  # type: ignore[prop-decorator]
    @functools.cached_property
    def once(self) -> int:
        return 1

    @property
    def doubled(self) -> int:
        return self.price * 2

    @doubled.setter
    def doubled(self, value: int) -> None:
        self.price = value // 2

    @property
    def broken(self) -> int:
        return self.missing  # type: ignore[attr-defined, no-any-return]


class Strict(Item):
    model_config = ConfigDict(
        extra="forbid", validate_assignment=True, validate_by_name=True, from_attributes=True
    )
    inner: Item | None = None


class Open(BaseModel, extra="allow"):
    first: int
    second: list[int] = [1]

    _hits: int = PrivateAttr(default=0)
    _log: list[str] = PrivateAttr(default_factory=list)
    _unset: int

    def model_post_init(self, context: Any) -> None:
        self._log.append(f"{context} {self.first} {self._hits}")


class Frozen(BaseModel, frozen=True):
    left: int
    right: tuple[int, ...] = ()


class Checked(BaseModel):
    low: int
    high: int

    @model_validator(mode="before")
    @classmethod
    def split(cls, data: Any) -> Any:
        return dict(zip(("low", "high"), data, strict=True)) if isinstance(data, list) else data

    @model_validator(mode="after")
    def check(self) -> "Checked":
        if self.low > self.high:
            raise ValueError("low is above high")
        return self


class Late(Open):
    third: str = "c"
    _more: int = 4

    def model_post_init(self, context: Any) -> None:
        super().model_post_init(context)
        self._hits += self._more


class Custom(BaseModel):
    value: int

    def __init__(self, value: int, **data: Any) -> None:
        super().__init__(value=value + 1, **data)

    def __repr_args__(self) -> Any:
        yield None, self.value
        yield "shown", True
