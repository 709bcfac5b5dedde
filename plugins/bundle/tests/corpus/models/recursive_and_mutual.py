"""Recursive trees, JSON values, models that hold each other in unions and dicts."""

from __future__ import annotations

from typing import Literal, Union

from pydantic import BaseModel, Field


class Leaf(BaseModel):
    kind: Literal["leaf"] = "leaf"
    value: int


class Node(BaseModel):
    kind: Literal["node"] = "node"
    children: dict[str, Union[Node, Leaf]] = {}
    first: Node | Leaf | None = Field(None, discriminator="kind")

    def depth(self) -> int:
        return 1 + max(
            (child.depth() for child in self.children.values() if isinstance(child, Node)),
            default=0,
        )


class Comment(BaseModel):
    text: str
    replies: list[Comment] = Field(default_factory=list, max_length=2)


def example_trees():
    node = Node(
        children={"a": {"children": {"b": {"value": 1}}}, "c": Leaf(value=2)},
        first={"kind": "leaf", "value": 3},
    )
    return (
        node,
        node.depth(),
        node.model_dump_json(),
        Comment(text="a", replies=[{"text": "b", "replies": [{}]}]),
    )
