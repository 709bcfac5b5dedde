"""`exclude_if` of a field."""
# Needs pydantic 2.12.

from pydantic import BaseModel, Field


class Transaction(BaseModel):
    id: int
    note: str = Field("", exclude_if=lambda value: value == "")
    count: int | None = Field(None, exclude_if=lambda value: value is None)
