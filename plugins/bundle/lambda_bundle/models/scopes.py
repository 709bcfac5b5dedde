"""Where a module's classes and expressions stand: at the top, in a class, or in a function."""

import ast
from dataclasses import dataclass, field


@dataclass
class Scopes:
    """The parts of a module that the compiler looks at.

    `classes` are those that can be reached by a qualified name, `local_classes` those that
    functions make. `calls` and `subscripts` have the names that are local where they stand;
    those in annotations are left out.
    """

    classes: list[tuple[str, ast.ClassDef]] = field(default_factory=list)
    local_classes: list[tuple[ast.ClassDef, frozenset[str]]] = field(default_factory=list)
    calls: list[tuple[ast.Call, frozenset[str]]] = field(default_factory=list)
    subscripts: list[tuple[ast.Subscript, frozenset[str]]] = field(default_factory=list)

    @classmethod
    def find(cls, tree: ast.Module) -> "Scopes":
        """Return the scopes of a module's syntax tree."""
        scopes = cls()
        scopes._visit(tree, "", None)
        return scopes

    def _visit(  # noqa: C901 (one case for each kind)
        self, node: ast.AST, prefix: str, local: frozenset[str] | None
    ) -> None:
        """Look at a node and those inside it; `local` is None outside of functions."""
        inner_prefix, inner_local = prefix, local
        match node:
            case ast.ClassDef(name=name) if local is None:
                self.classes.append((prefix + name, node))
                inner_prefix = f"{prefix}{name}."
            case ast.ClassDef():
                self.local_classes.append((node, local or frozenset()))
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.Lambda():
                inner_local = (local or frozenset()) | _find_locals(node)
            case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                inner_local = (local or frozenset()) | _find_locals(node)
            case ast.Call():
                self.calls.append((node, local or frozenset()))
            case ast.Subscript(ctx=ast.Load()):
                self.subscripts.append((node, local or frozenset()))
        for name, value in ast.iter_fields(node):
            if name not in ("annotation", "returns"):
                for each in value if isinstance(value, list) else [value]:
                    if isinstance(each, ast.AST):
                        # What a function's decorators and defaults name is not local to it.
                        is_inside = name == "body" or not isinstance(node, FUNCTIONS)
                        self._visit(each, inner_prefix, inner_local if is_inside else local)


FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


def _find_locals(function: ast.AST) -> frozenset[str]:
    """Return the names that a function or a comprehension binds."""
    names = set()
    for node in ast.walk(function):
        if isinstance(node, ast.arg):
            names.add(node.arg)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.alias):
            names.add(node.asname or node.name.partition(".")[0])
    if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
        names.discard(function.name)
    return frozenset(names)
