"""`exclude=True`, `repr=False`, `init_var`-less fields that are hidden."""

from pydantic import BaseModel, Field


class User(BaseModel):
    name: str
    password: str = Field(exclude=True, repr=False)
    hint: str | None = Field(None, exclude=True)


class Team(BaseModel):
    users: list[User] = []
    lead: User | None = None


def example_dumps():
    team = Team(users=[{"name": "a", "password": "p"}], lead={"name": "b", "password": "q"})
    return (
        team,
        team.model_dump(),
        team.model_dump_json(exclude={"users": {0: {"name"}}, "lead": True}),
    )
