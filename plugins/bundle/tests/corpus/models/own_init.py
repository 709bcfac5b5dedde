"""A model with an `__init__` of its own."""

from typing import Any

from pydantic import BaseModel


class Document(BaseModel):
    title: str
    words: int = 0

    def __init__(self, text: str = "", **data: Any) -> None:
        data.setdefault("title", text.partition("\n")[0])
        super().__init__(**data)
        self.words = len(text.split())


class Library(BaseModel):
    documents: list[Document]


def example_init():
    document = Document("Hello\nyou there")
    return document, Document.model_validate({"title": "T", "text": "a b"}), Document(title="x")


def example_in_another():
    return Library(documents=[{"title": "a", "text": "one two three"}, Document("b c")])


def example_in_json():
    return Library.model_validate_json('{"documents": [{"text": "a"}, {"title": 3}]}')
