"""A module of the service."""

import ast
from dataclasses import dataclass

from lambda_bundle.models.names import find_origins


@dataclass
class Source:
    """A module of the service: its name, its path and its text."""

    name: str
    path: str
    text: bytes

    def __post_init__(self) -> None:
        self.tree = ast.parse(self.text, self.path)
        self.origins = find_origins(self.tree, self.name, self.path)
        self.uses_pydantic = any(each.is_pydantic for each in self.origins.values())
