"""Models of special kinds, for the tests of the stand-ins."""

from abc import ABC, abstractmethod
from typing import Any, ClassVar, Generic, TypeVar

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PositiveInt,
    RootModel,
    ValidationError,
    ValidationInfo,
    conint,
    create_model,
    field_validator,
    model_serializer,
    model_validator,
)

T = TypeVar("T")
REGISTRY: list[str] = []


class Tags(RootModel):  # type: ignore[type-arg]
    root: list[str] = ["a"]

    def __iter__(self) -> Any:
        return iter(self.root)

    def __getitem__(self, index: int) -> str:
        return self.root[index]


class Whole(RootModel, frozen=True):  # type: ignore[type-arg]
    root: PositiveInt

    @model_validator(mode="before")
    def halve(cls, value: Any) -> Any:  # noqa: N805 (pydantic makes it a classmethod)
        return value // 2 if isinstance(value, int) else value


class Shape(BaseModel, ABC):
    name: str

    @abstractmethod
    def area(self) -> float: ...


class Square(Shape):
    side: conint(ge=1)  # type: ignore[valid-type]

    def area(self) -> float:
        return float(self.side)


class Sketch(BaseModel):
    shape: Shape

    @abstractmethod
    def draw(self) -> str: ...


class Registered(BaseModel):
    kind: ClassVar[str] = "base"

    def __init_subclass__(cls, kind: str = "none", **options: Any) -> None:
        super().__init_subclass__(**options)
        REGISTRY.append(f"init {cls.__name__} {kind}")

    @classmethod
    def __pydantic_init_subclass__(cls, **options: Any) -> None:
        REGISTRY.append(f"pydantic {cls.__name__} {options} {list(cls.model_fields)}")


class Entry(Registered, kind="entry", extra="forbid", str_strip_whitespace=True):
    text: str


class Page(BaseModel, Generic[T]):
    items: list[T]
    first: T | None = None

    @field_validator("items")
    @classmethod
    def check(cls, items: list[T], info: ValidationInfo) -> list[T]:
        if len(items) > 2:
            raise ValueError(f"{cls.__name__}.{info.field_name} has too many")
        return items


class Wrapped(BaseModel):
    value: int

    @model_validator(mode="wrap")
    @classmethod
    def catch(cls, data: Any, handler: Any) -> Any:
        try:
            return handler(data)
        except ValidationError as error:
            if data == {"value": "raise"}:
                raise
            return cls.model_construct(value=error.error_count())

    @model_serializer(mode="wrap")
    def write(self, handler: Any) -> dict[str, Any]:
        return {"wrapped": True, **handler(self)}


class Other(BaseModel):
    value: int = 1

    @model_validator(mode="after")
    def replace(self) -> Any:
        return Wrapped(value=1) if self.value == 2 else self


class OldConfig(BaseModel):
    model_config = ConfigDict(frozen=True)
    value: int = Field(1, title="Value")

    def __hash__(self) -> int:
        return 5


class Inherits(OldConfig):
    more: int = 2


class Eq(BaseModel, frozen=True):  # noqa: PLW1641 (pydantic sets `__hash__`)
    value: list[int]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Eq)


Made = create_model("Made", __base__=Square, __module__=__name__, count=(int, 3))


class Unresolved(BaseModel):
    other: "Nowhere"  # type: ignore[name-defined] # noqa: F821 (the point)
