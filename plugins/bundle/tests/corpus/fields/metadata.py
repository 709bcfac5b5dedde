"""Titles, descriptions, examples, `json_schema_extra`, `WithJsonSchema`, `SkipJsonSchema`."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema
from pydantic.json_schema import SkipJsonSchema


class Item(BaseModel):
    """Described for OpenAPI."""

    model_config = ConfigDict(
        title="The item",
        json_schema_extra={"examples": [{"name": "a"}]},
        json_schema_serialization_defaults_required=True,
    )

    name: str = Field(..., title="Name", description="Its name", examples=["a", "b"], max_length=9)
    tags: list[str] = Field(default_factory=list, json_schema_extra={"uniqueItems": True})
    size: Annotated[int, Field(description="In bytes"), WithJsonSchema({"type": "integer"})] = 0
    hidden: SkipJsonSchema[int | None] = None
    anything: Any = Field(None, json_schema_extra=lambda schema: schema.pop("default", None))


def example_item():
    return Item(name="a"), Item(name="b", tags=["x"], size="3").model_dump_json()
