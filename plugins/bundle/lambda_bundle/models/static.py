"""Tells whether an expression has the same value wherever the module is imported.

A schema is written when the artifact is made, so what it depends on must not come from the
environment, a clock or a file: `Field(le=int(os.environ["MAX"]))` has no schema yet.
"""

import ast
import sys
import typing
from collections.abc import Mapping

from lambda_bundle.models.names import Origin, find_path, find_root
from lambda_bundle.models.service_module import Source

# What only makes values of its arguments.
PURE_BUILTINS = {
    *("abs", "bool", "bytes", "complex", "dict", "enumerate", "float", "frozenset", "int", "len"),
    *("list", "map", "max", "min", "range", "reversed", "round", "set", "slice", "sorted", "str"),
    *("sum", "tuple", "type", "zip"),
}
PURE_MODULES = {
    *("annotated_types", "collections", "decimal", "enum", "fractions", "functools", "operator"),
    *("pydantic_core", "re", "typing", "typing_extensions"),
}
PURE_NAMES = {
    *(("datetime", name) for name in ("date", "datetime", "time", "timedelta", "timezone")),
    *(("ipaddress", "ip_address"), ("ipaddress", "ip_network"), ("uuid", "UUID")),
    *(("pathlib", "Path"), ("pathlib", "PurePath"), ("zoneinfo", "ZoneInfo")),
}
# Modules of the standard library whose values are not the same everywhere.
CHANGING_MODULES = {
    *("getpass", "locale", "os", "platform", "random", "secrets", "socket", "sys", "time"),
}
# They read files, a clock or the time zone, though their objects are pure.
IMPURE_METHODS = {
    *("absolute", "astimezone", "exists", "expanduser", "glob", "is_dir", "is_file", "iterdir"),
    *("open", "read_bytes", "read_text", "resolve", "rglob", "stat"),
}


class Static:
    """Decides for the modules of a service, `sources` by name."""

    def __init__(self, sources: Mapping[str, Source]) -> None:
        self._trees = {name: source.tree for name, source in sources.items()}
        self._origins = {name: source.origins for name, source in sources.items()}
        self.modules = frozenset(sources)
        self._bound: dict[str, dict[str, list[ast.stmt]]] = {}
        self._known: dict[tuple[str, str], str | None] = {}

    def find_changing(
        self, node: ast.AST, module: str, scope: ast.ClassDef | None = None
    ) -> str | None:
        """Return a part of the expression whose value may change, or None if none does.

        `scope` is the class in whose body the expression stands.
        """
        bound = {
            each.id
            for each in ast.walk(node)
            if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)
        }
        local = _find_bindings(scope.body) if scope else {}
        for name in local.keys() & {each.id for each in _reads(node)}:
            bound.add(name)
            if self._find_in_statements(name, local[name], module, bound):
                return name
        return self._find(node, module, bound)

    def _find(self, node: ast.AST, module: str, bound: set[str]) -> str | None:  # noqa: PLR0911
        match node:
            case ast.Lambda():
                return None
            case ast.Constant(value=str(text)) if text in self._bindings(module):
                return self._find_name(text, module)  # An annotation, such as "Item".
            case ast.Name(id=name):
                return None if name in bound else self._find_name(name, module)
            case ast.Call(func=function) if not self._is_pure(function, module):
                return ast.unparse(node)
            case ast.Attribute(value=ast.Name(id=name), attr=attribute):
                origin = self._origins.get(module, {}).get(name)
                if origin and self._names_module(origin):
                    inner = f"{origin.module}.{origin.name}" if origin.name else origin.module
                    return self._find_in_module(attribute, inner)
            case ast.Await() | ast.Yield() | ast.YieldFrom():
                return ast.unparse(node)
        inner_nodes = (self._find(each, module, bound) for each in ast.iter_child_nodes(node))
        return next(filter(None, inner_nodes), None)

    def _names_module(self, origin: Origin) -> bool:
        return origin.name is None or f"{origin.module}.{origin.name}" in self._trees

    def _find_name(self, name: str, module: str) -> str | None:
        key = (module, name)
        if key not in self._known:
            self._known[key] = None  # Until it is known: recursive definitions end here.
            origin = self._origins.get(module, {}).get(name)
            if origin and not self._names_module(origin):
                self._known[key] = self._find_in_module(origin.name or "", origin.module)
            elif not origin:
                statements = self._bindings(module).get(name, [])
                self._known[key] = self._find_in_statements(name, statements, module, set())
        return self._known[key]

    def _find_in_module(self, name: str, module: str) -> str | None:
        if module in self._trees:
            return self._find_name(name, module)
        # Types and functions of these are as good as those of others.
        value = getattr(sys.modules.get(module), name, None)
        is_changing = module.partition(".")[0] in CHANGING_MODULES and not callable(value)
        return f"{module}.{name}" if is_changing else None

    def _find_in_statements(
        self, name: str, statements: list[ast.stmt], module: str, bound: set[str]
    ) -> str | None:
        """Return the name if one of the statements that bind it may give it another value."""
        for statement in statements:
            if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            if isinstance(statement, ast.ClassDef):
                if self._find_in_class(statement, module):
                    return name
                continue
            value = getattr(statement, "value", None)
            is_assignment = isinstance(statement, ast.Assign | ast.AnnAssign) or (
                type(statement).__name__ == "TypeAlias"  # It exists since Python 3.12.
            )
            if not is_assignment or (value and self._find(value, module, bound)):
                return None if _is_named(module, name) else name
        return None

    def _find_in_class(self, node: ast.ClassDef, module: str) -> str | None:
        """Return a changing part of a class's constants, or of the types of its fields.

        The defaults of its fields do not count: they are named, not written down.
        """
        bound = set(_find_bindings(node.body))
        for statement in node.body:
            parts: list[ast.expr] = []
            if isinstance(statement, ast.AnnAssign):
                parts = [statement.annotation]
            elif isinstance(statement, ast.Assign):
                parts = [statement.value]
            for part in parts:
                if changing := self._find(part, module, bound):
                    return changing
        return None

    def _bindings(self, module: str) -> dict[str, list[ast.stmt]]:
        if module not in self._bound:
            tree = self._trees.get(module)
            self._bound[module] = _find_bindings(tree.body if tree else [])
            _add_mutations(self._bound[module], tree.body if tree else [])
        return self._bound[module]

    def _makes_same(self, function: ast.stmt, module: str) -> bool:
        """Whether a function makes the same of the same arguments, such as a validator."""
        key = (module, ast.unparse(function))
        if not isinstance(function, ast.FunctionDef) or function.decorator_list:
            return False
        if key not in self._known:
            self._known[key] = None  # Until it is known: recursive functions end here.
            bound = {each.arg for each in ast.walk(function) if isinstance(each, ast.arg)}
            bound |= {
                each.id
                for each in ast.walk(function)
                if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)
            }
            inner = (ast.FunctionDef, ast.AsyncFunctionDef)
            bound |= {each.name for each in function.body if isinstance(each, inner)}
            run = [each for each in function.body if not isinstance(each, inner)]
            changing = (self._find(each, module, bound) for each in run)
            self._known[key] = next(filter(None, changing), None)
        return self._known[key] is None

    def _is_pure(self, function: ast.expr, module: str) -> bool:
        """Whether a call only makes a value of its arguments."""
        if isinstance(function, ast.Attribute) and isinstance(
            function.value, ast.Constant | ast.JoinedStr
        ):
            return True  # "a b".split()
        if isinstance(function, ast.Attribute) and function.attr in IMPURE_METHODS:
            return False
        if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Call):
            return self._is_pure(function.value.func, module)  # Field(…).merge()
        if isinstance(function, ast.Call):
            return self._is_pure(function.func, module)  # field_validator("a")(check)
        path = find_path(function)
        return self._is_pure_name(path, module) if path else isinstance(function, ast.Subscript)

    def _is_pure_name(self, path: tuple[str, ...], module: str) -> bool:
        origin = self._origins.get(module, {}).get(path[0])
        if origin:
            names = (*([origin.name] if origin.name else []), *path[1:])
            is_known = len(names) == 1 and (origin.module, names[0]) in PURE_NAMES
            return origin.module in PURE_MODULES or origin.is_pydantic or is_known
        if own := self._bindings(module).get(path[0], []):
            return len(path) == 1 and all(self._makes_same(each, module) for each in own)
        return len(path) == 1 and path[0] in PURE_BUILTINS


def _is_named(module: str, name: str) -> bool:
    """Whether a schema has only the name of a module's constant, such as a function."""
    value = getattr(sys.modules.get(module), name, None)
    is_plain = isinstance(value, type) or typing.get_origin(value) is not None
    return callable(value) and not is_plain


def _reads(node: ast.AST) -> list[ast.Name]:
    names = [each for each in ast.walk(node) if isinstance(each, ast.Name)]
    return [each for each in names if isinstance(each.ctx, ast.Load)]


def _find_bindings(body: list[ast.stmt]) -> dict[str, list[ast.stmt]]:
    """Return the statements that bind each name of a module or a class."""
    found: dict[str, list[ast.stmt]] = {}
    for statement in body:
        if isinstance(statement, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            found.setdefault(statement.name, []).append(statement)
            continue
        for node in ast.walk(statement):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                found.setdefault(node.id, []).append(statement)
            elif isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                found.setdefault(node.name, []).append(statement)
    return found


def _add_mutations(bindings: dict[str, list[ast.stmt]], body: list[ast.stmt]) -> None:
    """Add, to the statements that bind a variable, those that change what it holds.

    Such are `LIMITS["max"] = 3`, `NAMES.append("x")`, and functions with `global LIMIT`.
    """
    for statement in body:
        for node in ast.walk(statement):
            roots: list[str | None] = []
            if isinstance(node, ast.Global):
                roots = [*node.names]
            elif isinstance(node, ast.Attribute | ast.Subscript) and isinstance(
                node.ctx, ast.Store | ast.Del
            ):
                roots = [find_root(node)]
            elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
                roots = [find_root(node.value.func)] if _is_method(node.value) else []
            for root in roots:
                bound = bindings.get(root or "", [])
                if bound and isinstance(bound[0], ast.Assign | ast.AnnAssign):
                    inner = node if isinstance(node, ast.stmt) else statement
                    bound.append(inner)


def _is_method(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Attribute)
