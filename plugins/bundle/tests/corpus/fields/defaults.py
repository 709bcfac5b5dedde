"""`Field(default=…)`, `default_factory` of builtins, own functions, lambdas and validated data."""

import uuid
from datetime import datetime, timezone

from pydantic import BaseModel, Field

COUNTER = iter(range(10**9))


def next_number() -> int:
    return next(COUNTER) and 7 or 7


class Record(BaseModel):
    number: int = Field(default_factory=next_number)
    tags: list[str] = Field(default_factory=list)
    scores: dict[str, int] = Field(default_factory=lambda: {"a": 1})
    created: datetime = Field(default_factory=lambda: datetime(2024, 1, 1, tzinfo=timezone.utc))
    email: str = "a@b"
    username: str = Field(default_factory=lambda data: data["email"].upper())
    checked: int = Field(default="12", validate_default=True)
    limit: int = Field(10, ge=0)


class _WithId(BaseModel):
    id: uuid.UUID = Field(default_factory=uuid.uuid4, exclude=True, repr=False)
    name: str = ""

    def __eq__(self, other):
        return self.name == other.name


def example_factories():
    one, other = Record(), Record(email="x")
    return one, other.username, one.tags is other.tags, one.scores is other.scores


def example_ids():
    return _WithId().id != _WithId().id, type(_WithId().id)
