"""Code that reads the annotations and the metadata in `model_fields`."""

from typing import Annotated

from pydantic import BaseModel, Field


class Column(BaseModel):
    name: Annotated[str, Field(max_length=10, description="Its name")]
    size: int = Field(3, title="Size")


def example_infos():
    return [
        (name, field.annotation, field.is_required(), field.default, field.description)
        for name, field in Column.model_fields.items()
    ]
