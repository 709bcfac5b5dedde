"""Finds the modules that may define models, and so must be imported when the artifact is made."""

import ast
from collections.abc import Mapping

from lambda_bundle.models.names import Origin, find_root
from lambda_bundle.models.service_module import Source

# Names that a module may use without defining anything.
PLAIN_NAMES = {"BaseModel", "ValidationError"}


def find_candidates(sources: Mapping[str, Source]) -> list[str]:
    """Return the names of the modules that make models or other objects of pydantic's.

    `sources` has all modules that a function reaches, by name.
    """
    found: set[str] = set()
    while more := {
        name
        for name, source in sources.items()
        if name not in found and _makes_models(source.tree, source.origins, found)
    }:
        found |= more
    return sorted(found)


def _makes_models(tree: ast.Module, origins: dict[str, Origin], found: set[str]) -> bool:
    """Whether a module makes something of pydantic's, or subclasses what `found` modules have."""

    def is_made(node: ast.expr) -> bool:
        origin = origins.get(find_root(node) or "")
        return origin is not None and origin.is_pydantic and origin.name not in PLAIN_NAMES

    has_star = any(
        each.name == "*" and (each.is_pydantic or each.module in found) for each in origins.values()
    )

    def is_base(node: ast.expr) -> bool:
        origin = origins.get(find_root(node) or "")
        if origin is None:
            return has_star
        inner = f"{origin.module}.{origin.name}"
        return origin.is_pydantic or origin.module in found or inner in found

    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and any(map(is_base, node.bases)):
            return True
        made = [node.func] if isinstance(node, ast.Call) else getattr(node, "decorator_list", [])
        if any(map(is_made, made)):
            return True
    return False
