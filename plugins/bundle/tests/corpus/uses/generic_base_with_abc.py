"""A generic repository of models: `Generic`, `ABC`, `ClassVar[type]`, `__class_getitem__` of plain classes."""

from abc import ABC, abstractmethod
from typing import ClassVar, Generic, TypeVar

from pydantic import BaseModel

M = TypeVar("M", bound=BaseModel)


class Repository(ABC, Generic[M]):
    model: ClassVar[type[BaseModel]]

    @abstractmethod
    def rows(self) -> list[dict]: ...

    def all(self) -> list[M]:
        return [self.model.model_validate(row) for row in self.rows()]


class User(BaseModel):
    id: int


class Users(Repository[User]):
    model = User

    def rows(self) -> list[dict]:
        return [{"id": "1"}, {"id": 2}]


def example_users():
    return Users().all()
