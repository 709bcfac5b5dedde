"""Tells whether an expression has the same value wherever the module is imported.

A schema is written when the artifact is made, so what it depends on must not come from the
environment, a clock or a file: `Field(le=int(os.environ["MAX"]))` has no schema yet.
"""

import ast
import builtins
from collections.abc import Mapping

from lambda_bundle.models.names import Origin, find_path

# What only makes values of its arguments.
PURE_BUILTINS = {
    *("abs", "bool", "bytes", "complex", "dict", "enumerate", "float", "frozenset", "int", "len"),
    *("list", "map", "max", "min", "range", "reversed", "round", "set", "slice", "sorted", "str"),
    *("sum", "tuple", "type", "zip"),
}
PURE_MODULES = {
    *("annotated_types", "collections", "decimal", "enum", "fractions", "functools", "operator"),
    *("pydantic", "pydantic_core", "pydantic_settings", "re", "typing", "typing_extensions"),
}
PURE_NAMES = {
    *(("datetime", name) for name in ("date", "datetime", "time", "timedelta", "timezone")),
    *(("ipaddress", "ip_address"), ("ipaddress", "ip_network"), ("uuid", "UUID")),
    *(("pathlib", "Path"), ("pathlib", "PurePath"), ("zoneinfo", "ZoneInfo")),
}
# Modules of the standard library whose values are not the same everywhere.
CHANGING_MODULES = {
    "os",
    "sys",
    "platform",
    "socket",
    "time",
    "random",
    "secrets",
    "getpass",
    "locale",
}


class Static:
    """Decides for the modules of a service. `trees` and `origins` are by the names of modules."""

    def __init__(
        self, trees: Mapping[str, ast.Module], origins: Mapping[str, Mapping[str, Origin]]
    ) -> None:
        self._trees = trees
        self._origins = origins
        self._known: dict[tuple[str, str], str | None] = {}

    def find_changing(self, node: ast.AST, module: str) -> str | None:
        """Return a part of the expression whose value may change, or None if none does."""
        bound = {
            each.id
            for each in ast.walk(node)
            if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)
        }
        return self._find(node, module, bound)

    def _find(self, node: ast.AST, module: str, bound: set[str]) -> str | None:  # noqa: PLR0911
        match node:
            case ast.Lambda():
                return None
            case ast.Constant(value=str(text)):
                return self._find_in_text(text, module, bound)
            case ast.Name(id=name):
                return None if name in bound else self._find_name(name, module)
            case ast.Call(func=function) if not self._is_pure(function, module):
                return ast.unparse(node)
            case ast.Attribute() if path := find_path(node):
                origin = self._origins.get(module, {}).get(path[0])
                if origin and origin.module.partition(".")[0] in CHANGING_MODULES:
                    return ".".join(path)
            case ast.Await() | ast.Yield() | ast.YieldFrom():
                return ast.unparse(node)
        inner = (self._find(each, module, bound) for each in ast.iter_child_nodes(node))
        return next(filter(None, inner), None)

    def _find_in_text(self, text: str, module: str, bound: set[str]) -> str | None:
        """Look into a text that may be an annotation, such as "Item"."""
        if not text.isidentifier() or text not in self._bindings(module):
            return None
        return self._find(ast.Name(text, ast.Load()), module, bound)

    def _find_name(self, name: str, module: str) -> str | None:
        key = (module, name)
        if key not in self._known:
            self._known[key] = None  # Until it is known: recursive definitions end here.
            self._known[key] = self._find_binding(name, module)
        return self._known[key]

    def _find_binding(self, name: str, module: str) -> str | None:
        origin = self._origins.get(module, {}).get(name)
        if origin:
            if origin.module in self._trees and origin.name:
                return self._find_name(origin.name, origin.module)
            changing = origin.name and origin.module.partition(".")[0] in CHANGING_MODULES
            return f"{origin.module}.{origin.name}" if changing else None
        statements = self._bindings(module).get(name, [])
        for statement in statements:
            match statement:
                case ast.ClassDef() | ast.FunctionDef() | ast.AsyncFunctionDef():
                    continue
                case ast.Assign(value=value) | ast.AnnAssign(value=value) if value:
                    if self._find(value, module, set()):
                        return name
                case _ if type(statement).__name__ == "TypeAlias":
                    if self._find(statement.value, module, set()):  # type: ignore[attr-defined]
                        return name
                case _:
                    return name
        return None if statements or name in vars(builtins) or module not in self._trees else name

    def _bindings(self, module: str) -> dict[str, list[ast.stmt]]:
        """Return the statements that bind each name of a module."""
        found: dict[str, list[ast.stmt]] = {}
        tree = self._trees.get(module)
        for statement in tree.body if tree else []:
            if isinstance(statement, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                found.setdefault(statement.name, []).append(statement)
                continue
            for node in ast.walk(statement):
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                    found.setdefault(node.id, []).append(statement)
                elif isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                    found.setdefault(node.name, []).append(statement)
        return found

    def _is_pure(self, function: ast.expr, module: str) -> bool:
        """Whether a call only makes a value of its arguments."""
        if isinstance(function, ast.Attribute) and isinstance(
            function.value, ast.Constant | ast.JoinedStr
        ):
            return True  # "a b".split()
        path = find_path(function)
        if not path:
            return isinstance(function, ast.Subscript)
        origin = self._origins.get(module, {}).get(path[0])
        if origin is None:
            return len(path) == 1 and path[0] in PURE_BUILTINS
        names = (*([origin.name] if origin.name else []), *path[1:])
        return origin.module in PURE_MODULES or (
            len(names) == 1 and (origin.module, names[0]) in PURE_NAMES
        )
