"""`model_dump`, `model_dump_json`, `model_validate` and `dict` overridden, with `super()`."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class ApiModel(BaseModel):
    model_config = ConfigDict(populate_by_name=True)

    def model_dump(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("by_alias", True)
        kwargs.setdefault("exclude_none", True)
        return super().model_dump(**kwargs)

    def model_dump_json(self, **kwargs: Any) -> str:
        return super().model_dump_json(**{"by_alias": True, **kwargs})

    @classmethod
    def model_validate(cls, obj: Any, **kwargs: Any) -> "ApiModel":
        return super().model_validate(obj or {}, **kwargs)

    def to_item(self) -> dict[str, Any]:
        return {"pk": f"{type(self).__name__}#1", **self.model_dump(mode="json")}


class User(ApiModel):
    name: str = Field("x", alias="userName")
    age: int | None = None


class Team(ApiModel):
    lead: User = User()
    users: list[User] = []


def example_dumps():
    team = Team(users=[{"userName": "a"}, User(name="b", age=3)])
    return team.model_dump(), team.model_dump_json(), team.to_item(), User.model_validate(None)
