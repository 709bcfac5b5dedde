"""`alias`, `validation_alias`, `serialization_alias`, `AliasPath`, `AliasChoices`."""

from pydantic import AliasChoices, AliasPath, BaseModel, Field


class User(BaseModel):
    id: int = Field(alias="userId")
    name: str = Field("x", validation_alias="user_name", serialization_alias="userName")
    first: str = Field(
        "none", validation_alias=AliasChoices("first", "givenName", AliasPath("names", 0))
    )
    last: str = Field("none", validation_alias=AliasPath("names", 1))


def example_aliases():
    user = User(userId=1, user_name="a", names=["b", "c"])
    return user, user.model_dump(by_alias=True), user.model_dump_json(by_alias=True), User(id=1)
