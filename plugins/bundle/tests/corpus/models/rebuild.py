"""`model_rebuild` and `update_forward_refs` called by the module."""

# Needs pydantic 2.13.

from typing import List, Optional

from pydantic import BaseModel


class Tree(BaseModel):
    value: int
    children: "List[Branch]" = []
    parent: Optional["Tree"] = None


class Branch(BaseModel):
    tree: Tree
    weight: float = 1.0


Tree.model_rebuild()
REBUILT = Branch.model_rebuild()


def example_trees():
    return Tree(value=1, children=[{"tree": {"value": 2}}]), REBUILT, Tree.model_rebuild(force=True)
