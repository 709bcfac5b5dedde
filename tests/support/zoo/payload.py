"""Models of every kind that the bundler compiles, for its tests."""

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
    """An enum of strings."""

    RED = "red"
    BLUE = "blue"


class Level(IntEnum):
    """An enum of integers, one with an alias."""

    LOW = 1
    HIGH = 2
    TOP = 2


class Line(BaseModel):
    """A strict, frozen model without extra fields, and with an alias."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    item_id: Annotated[Slug, Field(alias="itemId")]
    quantity: Quantity


class Scalars(BaseModel):
    """A model with only JSON's own types."""

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
    """Types that JSON has as strings or numbers."""

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
    """A model with models in its fields."""

    model_config = ConfigDict(extra="ignore", validate_assignment=True)

    lines: Annotated[list[Line], Field(min_length=1, max_length=5)]
    first: Line | None = None
    by_name: dict[str, Line] = {}
    secret: Annotated[str, Field(repr=False)] = "hidden"
    fixed: Annotated[int, Field(frozen=True)] = 1


class Rush(Order):
    """A model with a base model."""

    deadline: date


class Open(BaseModel):
    """A model that allows extra fields."""

    model_config = ConfigDict(extra="allow", validate_by_name=True)

    known: Annotated[int, Field(validation_alias="kNown", serialization_alias="KNOWN")]


class Node(BaseModel):
    """A recursive model."""

    value: int
    children: list["Node"] = []


class Cat(BaseModel):
    """A model of a tagged union."""

    kind: Literal["cat"]
    lives: Annotated[int, Field(ge=0, le=9)]


class Dog(BaseModel):
    """The other model of the union."""

    kind: Literal["dog"]
    name: str


class Owner(BaseModel):
    """A model with tagged and plain unions."""

    pet: Annotated[Cat | Dog, Field(discriminator="kind")]
    pets: list[Cat | Dog] = []


class Flags(Flag):
    """An enum of bits."""

    A = 1
    B = 2


class Named(BaseModel):
    """A model with names and values that are also keys of core schemas."""

    metadata: dict[str, str]
    ref: int = 1
    type: str = "x"
    fields: dict[str, Any] = {"metadata": 1, "ref": "x:9", "custom_init": False, "type": "y"}
    choices: Literal["metadata", "ref"] = "ref"
    limit: float = inf
    flag: Flags = Flags.A


class MetadataTagged(BaseModel):
    """A model of a union, with a tag that is also a key of core schemas."""

    tag: Literal["metadata"]


class RefTagged(BaseModel):
    """The other model of the union."""

    tag: Literal["ref"]


class TaggedOwner(BaseModel):
    """A model with the union of both."""

    tagged: Annotated[MetadataTagged | RefTagged, Field(discriminator="tag")]


class Later(BaseModel):
    """A model with a forward reference."""

    last: "Last | None" = None


class Last(BaseModel):
    """The model that it refers to."""

    value: int


class Excluding(BaseModel):
    """A model with a field that is not serialized."""

    shown: int = 1
    hidden: Annotated[int, Field(exclude=True)] = 2


class Empty(BaseModel):
    """A model without fields."""
