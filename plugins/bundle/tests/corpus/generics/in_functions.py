"""A generic model made concrete by an argument of a function."""

from typing import Generic, TypeVar

from pydantic import BaseModel

T = TypeVar("T")


class Envelope(BaseModel, Generic[T]):
    body: T


def envelope_of(kind: type) -> type[Envelope]:
    return Envelope[kind]


def example_envelopes():
    return envelope_of(int)(body="1"), envelope_of(str)(body=1)
