"""Models of every kind that the bundle compiles, for the tests of that alone."""

import uuid
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum, Flag, IntEnum
from math import inf
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

if TYPE_CHECKING:
    from collections.abc import Mapping  # noqa: F401

QUANTITY_MAX = 100
SIZES = ("S", "M", "L")
PRICE_MIN, RATE = Decimal(0), 7
PRICE_MAX = Decimal("9.99")
RATES: dict[str, list[float]] = {"de": [0.19, inf]}
Slug: TypeAlias = Annotated[str, Field(pattern=r"^[a-z0-9-]{1,64}$")]
Quantity = Annotated[int, Field(ge=1, le=QUANTITY_MAX)]


class Colour(Enum):
    """Of strings."""

    RED = "red"
    BLUE = "blue"


class Level(IntEnum):
    """Of integers, one under two names."""

    LOW = 1
    HIGH = 2
    TOP = 2


class Line(BaseModel):
    """Strict and closed, with public names unlike its own."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    item_id: Annotated[Slug, Field(alias="itemId")]
    quantity: Quantity


class Scalars(BaseModel):
    """Nothing but JSON's own types."""

    model_config = ConfigDict(strict=True)

    text: Annotated[str, StringConstraints(strip_whitespace=True, to_lower=True, max_length=8)]
    number: int
    flag: bool = False
    nothing: None = None
    maybe: int | None = None
    either: int | str | bool = 0
    size: Literal["S", "M", 1] = "S"
    texts: list[str] = []
    tree: dict[str, list[int]] = Field(default_factory=dict)
    multiple: Annotated[int, Field(multiple_of=3)] = 3


class Rich(BaseModel):
    """Types that JSON says by others, and numbers that it says in many ways."""

    price: Annotated[Decimal, Field(ge=0, max_digits=9, decimal_places=2)]
    at: datetime = datetime(2026, 1, 1, tzinfo=UTC)
    day: date = date(2026, 1, 1)
    moment: time = time(12)
    lasting: timedelta = timedelta(seconds=90)
    id: uuid.UUID = uuid.UUID(int=1)
    ratio: Annotated[float, Field(gt=-1, allow_inf_nan=False)] = 0.5
    raw: bytes = b"\x00"
    colour: Colour = Colour.RED
    level: Level = Level.TOP
    pair: tuple[int, str] = (1, "one")
    many: tuple[int, ...] = ()
    unique: set[int] = {1, 2}
    frozen: frozenset[str] = frozenset({"a", "b"})
    anything: Any = None


class Order(BaseModel):
    """Models within models."""

    model_config = ConfigDict(extra="ignore", validate_assignment=True)

    lines: Annotated[list[Line], Field(min_length=1, max_length=5)]
    first: Line | None = None
    by_name: dict[str, Line] = {}
    secret: Annotated[str, Field(repr=False)] = "hidden"
    fixed: Annotated[int, Field(frozen=True)] = 1


class Rush(Order):
    """A model that inherits."""

    deadline: date


class Open(BaseModel):
    """Takes fields beyond its own."""

    model_config = ConfigDict(extra="allow", validate_by_name=True)

    known: Annotated[int, Field(validation_alias="kNown", serialization_alias="KNOWN")]


class Node(BaseModel):
    """A model within itself."""

    value: int
    children: list["Node"] = []


class Cat(BaseModel):
    """One of two."""

    kind: Literal["cat"]
    lives: Annotated[int, Field(ge=0, le=9)]


class Dog(BaseModel):
    """The other."""

    kind: Literal["dog"]
    name: str


class Owner(BaseModel):
    """Has either."""

    pet: Annotated[Cat | Dog, Field(discriminator="kind")]
    pets: list[Cat | Dog] = []


class Flags(Flag):
    """Of bits."""

    A = 1
    B = 2


class Named(BaseModel):
    """Has names and values that core schemas have, too."""

    metadata: dict[str, str]
    ref: int = 1
    type: str = "x"
    fields: dict[str, Any] = {"metadata": 1, "ref": "x:9", "custom_init": False, "type": "y"}
    choices: Literal["metadata", "ref"] = "ref"
    limit: float = inf
    flag: Flags = Flags.A


class Tagged(BaseModel):
    """Is told by what a schema could hold."""

    tag: Literal["metadata"]


class Other(BaseModel):
    """The other."""

    tag: Literal["ref"]


class Telling(BaseModel):
    """Has tags that a schema could hold."""

    it: Annotated[Tagged | Other, Field(discriminator="tag")]


class Later(BaseModel):
    """Refers to what comes later."""

    last: "Last | None" = None


class Last(BaseModel):
    """Comes later."""

    value: int


class Excluding(BaseModel):
    """Keeps a field to itself."""

    shown: int = 1
    kept: Annotated[int, Field(exclude=True)] = 2


class Empty(BaseModel):
    """Has no fields."""
