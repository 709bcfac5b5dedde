"""Fields with and without defaults."""

from datetime import datetime

from pydantic import BaseModel


class User(BaseModel):
    id: int
    name: str = "Jane Doe"
    signup_ts: datetime | None = None
    friends: list[int] = []


DEFAULT_USER = User(id=1)


def example_user():
    user = User(id="123", signup_ts="2017-06-01 12:22", friends=[1, "2", b"3"])
    return user, user.id, user.friends, DEFAULT_USER, user.model_dump()
