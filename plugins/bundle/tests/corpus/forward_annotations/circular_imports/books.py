from pydantic import BaseModel

from .authors import Author


class Book(BaseModel):
    title: str
    author: Author | None = None


Author.model_rebuild(_types_namespace={"Book": Book})


def example_books():
    return Author(name="a", books=[{"title": "t", "author": {"name": "b"}}])
