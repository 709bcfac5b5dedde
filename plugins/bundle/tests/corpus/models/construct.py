"""`model_construct`: models without validation."""

from pydantic import BaseModel, ConfigDict, Field


class User(BaseModel):
    id: int = Field(alias="userId")
    age: int = 3
    tags: list[str] = Field(default_factory=list)


class Open(BaseModel, extra="allow"):
    a: int = 1


class ByName(BaseModel):
    model_config = ConfigDict(populate_by_name=True)
    first: str = Field("x", validation_alias="First")


def example_construct():
    bad = User.model_construct(userId="no int", age="old", unknown=1)
    return bad, bad.model_fields_set, bad.model_dump(), bad.model_dump_json(by_alias=True)


def example_others():
    return (
        Open.model_construct(b=2),
        ByName.model_construct(first="y"),
        ByName.model_construct(First="z"),
        User.model_construct(_fields_set={"age"}, userId=1),
    )


def example_missing():
    return User.model_construct().id
