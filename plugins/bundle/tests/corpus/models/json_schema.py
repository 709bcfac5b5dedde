"""`model_json_schema` and `TypeAdapter.json_schema`."""

from pydantic import BaseModel, Field, TypeAdapter


class Described(BaseModel):
    name: str = Field(description="What it is called", examples=["Ann"])
    count: int = Field(1, ge=0)


def example_schema():
    return Described.model_json_schema(), TypeAdapter(list[Described]).json_schema()
