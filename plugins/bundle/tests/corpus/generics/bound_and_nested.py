"""Generics with bound, default and constrained type variables, in inheritance."""

from typing import Any, Generic

from pydantic import BaseModel
from typing_extensions import TypeVar


class Data(BaseModel):
    n: int = 0


class More(Data):
    m: int = 0


DataT = TypeVar("DataT", bound=Data)
WithDefault = TypeVar("WithDefault", default=str)
Constrained = TypeVar("Constrained", int, str)


class Response(BaseModel, Generic[DataT]):
    data: DataT | None = None
    errors: list[str] = []


class Detailed(Response[DataT], Generic[DataT, WithDefault]):
    detail: WithDefault | None = None


class Simple(BaseModel, Generic[Constrained]):
    value: Constrained


class Base(BaseModel, Generic[WithDefault]):
    value: Any = None
    other: WithDefault


MoreResponse = Response[More]


def example_responses():
    return (
        MoreResponse(data={"n": 1, "m": 2}),
        Response(data={"n": 1}),
        Response[Data](data=More(m=1)).model_dump(),
    )


def example_nested():
    return Detailed[More, int](data={}, detail="3"), Simple[int](value="1"), Base(other="x")
