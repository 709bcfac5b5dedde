"""Configurations merged from others: `ConfigDict(**other)`, `{**a, **b}`, `|`, a shared constant."""

from pydantic import BaseModel, ConfigDict

SHARED = ConfigDict(str_strip_whitespace=True, extra="forbid")


class Base(BaseModel):
    model_config = SHARED
    name: str = " a "


class Merged(Base):
    model_config = ConfigDict(**{**Base.model_config, "extra": "ignore"}, frozen=True)
    size: int = 0


class Piped(BaseModel):
    model_config = SHARED | ConfigDict(extra="allow")
    name: str = ""


def example_merged():
    return (
        Base(name=" x "),
        Merged(name=" y ", z=1),
        Piped(name=" p ", q=2),
        Merged.model_config,
        SHARED,
    )
