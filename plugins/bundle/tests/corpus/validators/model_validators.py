"""`@model_validator`: before, after and wrap."""

from typing import Any

from pydantic import BaseModel, ModelWrapValidatorHandler, ValidationError, model_validator
from typing_extensions import Self

LOG: list[str] = []


class UserModel(BaseModel):
    username: str
    password: str
    password_repeat: str = ""

    @model_validator(mode="before")
    @classmethod
    def no_card_number(cls, data: Any) -> Any:
        if isinstance(data, dict) and "card_number" in data:
            raise ValueError("'card_number' should not be included")
        return data

    @model_validator(mode="after")
    def passwords_match(self) -> Self:
        if self.password_repeat and self.password != self.password_repeat:
            raise ValueError("Passwords do not match")
        return self


class Logged(BaseModel):
    name: str

    @model_validator(mode="wrap")
    @classmethod
    def log_failed(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        try:
            return handler(data)
        except ValidationError:
            LOG.append(type(data).__name__)
            raise


class Derived(UserModel):
    age: int = 0

    @model_validator(mode="after")
    def set_age(self) -> Self:
        if self.age < 0:
            self.age = 0
        return self


class Holder(BaseModel):
    user: Derived
    log: Logged | None = None


def example_users():
    return Derived(username="a", password="b", age=-1), UserModel(
        username="a", password="b", password_repeat="c"
    )


def example_log():
    try:
        Logged(name=None)
    except ValidationError as error:
        return LOG, error
