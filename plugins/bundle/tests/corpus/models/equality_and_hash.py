"""Equality with other models, subclasses, extras, private attributes; hashes of frozen models."""

from pydantic import BaseModel, ConfigDict, PrivateAttr


class Base(BaseModel):
    a: int


class Sub(Base):
    pass


class Other(BaseModel):
    a: int


class Open(BaseModel):
    model_config = ConfigDict(extra="allow")
    a: int = 1


class Private(BaseModel):
    a: int = 1
    _b: int = PrivateAttr(0)


class Frozen(BaseModel, frozen=True):
    a: int
    b: tuple[str, ...] = ()


class FrozenList(BaseModel, frozen=True):
    items: list[int] = []


def example_equality():
    private = Private()
    private._b = 1
    return [
        Base(a=1) == Base(a=1),
        Base(a=1) == Sub(a=1),
        Base(a=1) == Other(a=1),
        Base(a=1) == {"a": 1},
        Open(x=1) == Open(x=1),
        Open(x=1) == Open(x=2),
        private == Private(),
        Base(a=1) == Base.model_construct(a=1),
        Base.model_construct(a=1, _fields_set=set()) == Base(a=1),
    ]


def example_hashes():
    return len({Frozen(a=1), Frozen(a=1), Frozen(a=2, b=["x"])}), hash(FrozenList())


def example_unhashable():
    return hash(Base(a=1))
