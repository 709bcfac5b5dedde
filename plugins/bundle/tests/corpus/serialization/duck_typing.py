"""Subclass instances in fields: only the fields of the declared type, unless `SerializeAsAny`."""

from typing import Any

from pydantic import BaseModel, SerializeAsAny


class User(BaseModel):
    name: str


class Login(User):
    password: str


class Outer(BaseModel):
    user: User
    any_user: SerializeAsAny[User] | None = None
    users: list[SerializeAsAny[User]] = []
    anything: Any = None


def example_duck():
    login = Login(name="a", password="p")
    outer = Outer(user=login, any_user=login, users=[login, {"name": "b"}], anything=login)
    return (
        outer,
        outer.model_dump(),
        outer.model_dump_json(),
        outer.model_dump(serialize_as_any=True),
    )
