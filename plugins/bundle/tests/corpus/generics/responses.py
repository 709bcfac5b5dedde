"""Generic responses, as APIs have them."""

from typing import Generic, TypeVar

from pydantic import BaseModel, Field

T = TypeVar("T")


class User(BaseModel):
    id: int


class Response(BaseModel, Generic[T]):
    data: T | None = None
    error: str | None = None

    @classmethod
    def of(cls, data: T) -> "Response[T]":
        return cls(data=data)


class Page(BaseModel, Generic[T]):
    items: list[T] = Field(default_factory=list)
    cursor: str | None = None


UserResponse = Response[User]


class Users(BaseModel):
    page: Page[User] = Page[User]()
    last: UserResponse | None = None


def list_users() -> Response[Page[User]]:
    return Response[Page[User]](data=Page[User](items=[User(id=1)]))


def example_responses():
    response = list_users()
    return (
        response,
        response.model_dump_json(),
        UserResponse.of(User(id=2)),
        Users(last={"data": {"id": "3"}}),
        type(response).__name__,
    )
