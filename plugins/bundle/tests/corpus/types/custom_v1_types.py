"""A subclass of `str` and `int` in a field, and `Annotated` with plain markers that mean nothing."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, PlainSerializer, PlainValidator


class Slug(str):
    def words(self) -> list[str]:
        return self.split("-")


class Marked(BaseModel):
    model_config = ConfigDict(arbitrary_types_allowed=True)

    slug: Annotated[Slug, PlainValidator(lambda value: Slug(value)), PlainSerializer(str)]
    count: Annotated[int, "a comment", 42] = 0
    instance: Slug | None = None


def example_slug():
    return (
        Marked(slug="a-b").slug.words(),
        Marked(slug="x", instance=Slug("y")),
        Marked(slug="x", instance="y"),
    )
