"""`.update_forward_refs()` and `.from_orm()` of pydantic 1."""

from typing import Optional

from pydantic import BaseModel, ConfigDict


class Node(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    value: int
    next: Optional["Node"] = None


Node.update_forward_refs()


class Row:
    value = 3
    next = None


def example_nodes():
    return Node(value=1, next={"value": "2"}), Node.from_orm(Row())
