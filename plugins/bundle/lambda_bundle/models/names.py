"""What the names in a module mean, as far as its import statements say."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from lambda_bundle.imports import parent_of, resolve

PYDANTIC = {"pydantic", "pydantic_settings"}
STAND_INS = "compiled_pydantic"  # The package that an artifact has in their place.


@dataclass(frozen=True)
class Origin:
    """Where an imported name comes from: a module, and a name in it, or None for the module."""

    module: str
    name: str | None

    @property
    def is_pydantic(self) -> bool:
        """Whether it is a name of pydantic's, not of pydantic_core."""
        return self.module.partition(".")[0] in PYDANTIC


def find_origins(tree: ast.Module, module: str, path: str) -> dict[str, Origin]:
    """Return where each name that an import statement binds comes from, by name.

    A star import has the name of its module, after a star.
    `module` is the dotted name of the module with this tree, and `path` its path.
    """
    origins = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for each in node.names:
                if each.asname:
                    origins[each.asname] = Origin(each.name, None)
                else:
                    top = each.name.partition(".")[0]
                    origins[top] = Origin(top, None)
        elif isinstance(node, ast.ImportFrom):
            base = resolve(node, parent_of(module, path))
            for each in node.names:
                bound = f"*{base}" if each.name == "*" else each.asname or each.name
                origins[bound] = Origin(base, each.name)
    return origins


def find_root(node: ast.expr) -> str | None:
    """Return the first name of an expression: `shop` of `shop.Page[Item](…)`."""
    while isinstance(node, ast.Attribute | ast.Call | ast.Subscript):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else None


def find_path(node: ast.expr) -> tuple[str, ...] | None:
    """Return the names of a dotted expression: `("shop", "Item")` of `shop.Item`."""
    if isinstance(node, ast.Attribute):
        inner = find_path(node.value)
        return (*inner, node.attr) if inner else None
    return (node.id,) if isinstance(node, ast.Name) else None


def walk_evaluated(tree: ast.AST, *, skips_annotations: bool) -> Iterator[ast.AST]:
    """Yield the nodes that run, without annotations if these are never evaluated."""
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        for field, value in ast.iter_fields(node):
            if skips_annotations and field in ("annotation", "returns"):
                continue
            values = value if isinstance(value, list) else [value]
            waiting += [each for each in values if isinstance(each, ast.AST)]
