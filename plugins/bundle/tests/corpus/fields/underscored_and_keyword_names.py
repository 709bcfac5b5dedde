"""Aliases that are no names of Python: `_id`, `class`, `from`, `$ref`, `Content-Type`."""

from pydantic import BaseModel, ConfigDict, Field


class Document(BaseModel):
    model_config = ConfigDict(populate_by_name=True)

    id: str = Field(alias="_id")
    class_: str = Field("x", alias="class")
    from_: int = Field(0, alias="from")
    ref: str | None = Field(None, alias="$ref")
    content_type: str = Field("text/plain", alias="Content-Type")


def example_documents():
    document = Document(**{"_id": "1", "class": "a", "from": "2", "Content-Type": "b"})
    return (
        document,
        document.model_dump(by_alias=True),
        document.model_dump_json(by_alias=True),
        Document(id="2"),
    )
