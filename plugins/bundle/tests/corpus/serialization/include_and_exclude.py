"""`include` and `exclude`, deep and for each item."""

from pydantic import BaseModel


class Country(BaseModel):
    name: str
    code: int = 0


class User(BaseModel):
    id: int
    countries: list[Country] = []
    home: Country | None = None
    notes: dict[str, Country] = {}


USER = User(
    id=1, countries=[{"name": "a"}, {"name": "b"}], home={"name": "c"}, notes={"x": {"name": "d"}}
)


def example_include():
    return [
        USER.model_dump(include={"id"}),
        USER.model_dump(exclude={"countries": {0: {"name"}, "__all__": {"code"}}}),
        USER.model_dump(include={"countries": {"__all__": {"code"}}, "home": {"name"}}),
        USER.model_dump_json(exclude={"notes": {"x": True}, "home": ...}),
        USER.model_dump(mode="json", include={"id": True, "notes": {"x": {"code"}}}),
    ]
