"""`union_mode="left_to_right"`."""

from pydantic import BaseModel, Field


class User(BaseModel):
    id: str | int = Field(union_mode="left_to_right")
    other: int | str = Field("x", union_mode="left_to_right")
