"""Subclasses add, change and remove defaults of fields, and inherit methods and validators."""

from pydantic import BaseModel, ConfigDict, Field, field_validator


class Base(BaseModel):
    model_config = ConfigDict(str_strip_whitespace=True)
    id: int
    name: str = "base"
    tags: list[str] = Field(default_factory=lambda: ["base"])

    @field_validator("name")
    @classmethod
    def capitalize(cls, value: str) -> str:
        return f"{cls.__name__}:{value.capitalize()}"

    def describe(self) -> str:
        return f"{type(self).__name__} {self.name}"


class Child(Base):
    model_config = ConfigDict(extra="forbid")
    name: str
    extra_field: float = 0.5


class Grandchild(Child):
    id: str = "none"

    @field_validator("name")
    @classmethod
    def capitalize(cls, value: str) -> str:
        return value.lower()

    @field_validator("extra_field", mode="after")
    @classmethod
    def positive(cls, value: float) -> float:
        if value < 0:
            raise ValueError("must be positive")
        return value


def example_inherited():
    return (
        Base(id=1),
        Child(id=2, name=" x "),
        Grandchild(name="ABC").describe(),
        Child(id=1, name="b").tags,
    )
