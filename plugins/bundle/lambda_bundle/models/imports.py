"""Rewrites the imports of a service's modules: stand-ins for pydantic, and nothing unused."""

import ast
import importlib
import re
import sys
from collections.abc import Callable, Collection, Iterator, Mapping

from lambda_bundle.imports import find_imported, is_type_checking, parent_of, resolve
from lambda_bundle.models.edits import Edits
from lambda_bundle.models.names import (
    PYDANTIC,
    STAND_INS,
    Origin,
    find_origins,
    find_root,
    walk_evaluated,
)
from lambda_bundle.models.service_module import Source
from lambda_bundle.problems import BundleError

# What only defines types. An import of it has no other effect.
TYPE_LIBRARIES = {*PYDANTIC, "annotated_types", "pydantic_core", "typing_extensions"}
# Code that may read any name of its module.
READS_ANY_NAME = {"eval", "exec", "globals", "locals", "vars", "__import__"}
# Attributes and functions that find a module, and so any name in it, without an import statement.
FINDS_MODULES = {"getmembers", "import_module", "modules"}
NAME = re.compile(r"[A-Za-z_]\w*")
SIMPLE_STATEMENTS = (ast.Import, ast.ImportFrom, ast.Assign, ast.AnnAssign, ast.Expr)


class Module:
    """A module's edited source, and what of it other code needs.

    `definitions` are names of the module that only annotations may need, such as those of
    `Annotated[int, Field(ge=1)]`. `loaded` are the service's modules that its schemas need.
    `source` is what it was before it was edited.
    """

    def __init__(
        self,
        source: Source,
        text: bytes,
        definitions: Collection[str],
        loaded: Collection[str],
    ) -> None:
        self.name = source.name
        self.path = source.path
        self.text = text
        self.tree = ast.parse(text, source.path)
        self.origins = find_origins(self.tree, source.name, source.path)
        self.needed: set[str] | None = None
        self.removed: set[ast.stmt] = set()
        self.removed_names: dict[ast.stmt, set[str]] = {}
        self.loaded = loaded
        self._definitions = definitions
        self._read_before = {
            each.id for each in ast.walk(source.tree) if isinstance(each, ast.Name)
        }
        self._has_lazy_annotations = any(
            isinstance(node, ast.ImportFrom) and node.module == "__future__"
            for node in self.tree.body
        )

    def find_used(self) -> set[str]:
        """Return the names that the module itself reads, besides those that are removed."""
        used: set[str] = set()
        for statement in self.tree.body:
            if statement not in self.removed:
                for node in walk_evaluated(statement, skips_annotations=self._has_lazy_annotations):
                    if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Store):
                        used.add(node.id)
                    elif isinstance(node, ast.AugAssign):
                        used.add(find_root(node.target) or "")
                used |= set(_find_names_in_annotations(statement))
        return used | set(_find_all(self.tree))

    def is_re_export(self, name: str) -> bool:
        """Whether the source imports a name without using it: others may, such as a handler."""
        return name not in self._read_before

    def finds_modules(self) -> bool:
        """Whether code may find a module, and so any name in it, by the name of that module."""
        known = {_find_module_read(node) for node in ast.walk(self.tree)}
        return any(
            getattr(node, "attr", getattr(node, "id", None)) in FINDS_MODULES
            for node in ast.walk(self.tree)
            if isinstance(node, ast.Attribute | ast.Name) and node not in known
        )

    def prune(self, needed: set[str] | None, is_prunable: Callable[["Module", str], bool]) -> bool:
        """Remove what nothing needs; return whether that is more than before.

        `needed` are the names that other modules need, or None if that may be any.
        """
        used, self.needed = self.find_used(), needed
        if needed is None or READS_ANY_NAME & used:
            needed = set(self.origins) | set(self._definitions)
        used |= needed
        before = len(self.removed), sum(map(len, self.removed_names.values()))
        for statement in self.tree.body:
            if isinstance(statement, ast.Import | ast.ImportFrom):
                self._prune_import(statement, used, is_prunable)
            elif _defined_name(statement) in set(self._definitions) - used or (
                isinstance(statement, ast.If)
                and is_type_checking(statement.test)
                and not statement.orelse
            ):
                self.removed.add(statement)
        return before != (len(self.removed), sum(map(len, self.removed_names.values())))

    def _prune_import(
        self,
        statement: ast.Import | ast.ImportFrom,
        used: set[str],
        is_prunable: Callable[["Module", str], bool],
    ) -> None:
        if isinstance(statement, ast.ImportFrom) and statement.module == "__future__":
            return
        names = {each.asname or each.name.partition(".")[0] for each in statement.names}
        unused = {name for name in names - used - {"*"} if is_prunable(self, name)}
        if unused == names:
            self.removed.add(statement)
        elif isinstance(statement, ast.ImportFrom) and unused:
            self.removed_names[statement] = unused

    def find_needs(self) -> dict[str, set[str] | None]:
        """Return, by module, the names that this module needs of it; None is any name."""
        needs: dict[str, set[str] | None] = {}
        left = [each for each in self.tree.body if each not in self.removed]
        for statement in (inner for each in left for inner in ast.walk(each)):
            named = find_imported(getattr(statement, "value", statement))
            if named and isinstance(statement, ast.Attribute):
                _add_need(needs, named, statement.attr)
            if not isinstance(statement, ast.Import | ast.ImportFrom):
                continue
            gone = self.removed_names.get(statement, set())
            for each in statement.names:
                bound = each.asname or each.name.partition(".")[0]
                origin = self.origins.get(bound)
                if isinstance(statement, ast.Import):
                    parts = each.name.split(".")
                    needs |= {".".join(parts[: end + 1]): None for end in range(len(parts))}
                elif each.name == "*":
                    needs[resolve(statement, parent_of(self.name, self.path))] = None
                elif origin and bound not in gone:
                    needs[f"{origin.module}.{each.name}"] = None  # If it is a module.
                    _add_need(needs, origin.module, each.name)
        return needs

    def is_inert(self, is_inert_import: Callable[[Origin], bool]) -> bool:
        """Whether importing the module does nothing but define things."""
        imports = [each for each in self.origins.values() if each.module != "__future__"]
        if not all(map(is_inert_import, imports)):
            return False
        return all(map(self._is_inert, self.tree.body))

    def _is_inert(self, node: ast.AST) -> bool:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                return all(map(self._is_inert, node.decorator_list))
            case ast.Expr(value=ast.Constant()) | ast.Lambda():
                return True
            case ast.Expr() | ast.For() | ast.While() | ast.With() | ast.Delete() | ast.Raise():
                return False
            case ast.Call(func=function):
                root = find_root(function)
                origin = self.origins.get(root or "")
                known = origin is None or _is_definition(origin)
                if root is None or not known or root in READS_ANY_NAME:
                    return False
        return all(map(self._is_inert, ast.iter_child_nodes(node)))

    def write(self, header: Collection[str], find: Callable[[str, str], str | None]) -> bytes:
        """Return the source with its imports rewritten, and with statements added at its top.

        `find` returns the module that has a name of one of pydantic's modules, or None.

        Raises:
            BundleError: the stand-ins do not have what the module imports.
        """
        edits = Edits(self.text)
        for statement in self.tree.body:
            if statement in self.removed:
                edits.remove(statement)
        left = [each for each in self.tree.body if each not in self.removed]
        for node in (inner for each in left for inner in ast.walk(each)):
            if isinstance(node, ast.Import | ast.ImportFrom):
                new = self._rewrite(node, find)
                if new is not None:
                    edits.replace(node, new)
            elif isinstance(node, ast.Attribute):
                header = [*header, *self._rewrite_attribute(edits, node, find)]
        if header:
            self._add_header(edits, "; ".join(dict.fromkeys(header)))
        return edits.apply()

    def _rewrite(
        self, node: ast.Import | ast.ImportFrom, find: Callable[[str, str], str | None]
    ) -> str | None:
        gone = self.removed_names.get(node, set())
        left = [each for each in node.names if (each.asname or each.name) not in gone]
        if isinstance(node, ast.Import):
            if not any(each.name.partition(".")[0] in PYDANTIC for each in left):
                return None
            return ast.unparse(ast.Import([self._rewrite_module(each) for each in left]))
        base = resolve(node, parent_of(self.name, self.path))
        if base.partition(".")[0] not in (*PYDANTIC, "pydantic_core"):
            return ast.unparse(ast.ImportFrom(node.module, left, node.level)) if gone else None
        if left[0].name == "*":
            public = set(importlib.import_module(base).__all__)
            needed = public if self.needed is None else public & (self.find_used() | self.needed)
            left = [ast.alias(name) for name in sorted(needed) if find(base, name)]
        by_module: dict[str, list[ast.alias]] = {}
        for each in left:
            found = find(base, each.name)
            if not found:
                raise self._error(node, f"imports {each.name} from {base}")
            by_module.setdefault(found, []).append(each)
        return "; ".join(ast.unparse(ast.ImportFrom(*each, 0)) for each in by_module.items())

    def _rewrite_module(self, alias: ast.alias) -> ast.alias:
        if alias.name.partition(".")[0] not in PYDANTIC:
            return alias
        if "." in alias.name:
            raise BundleError(f"{self.path} imports {alias.name}")
        return ast.alias(STAND_INS, alias.asname or alias.name)

    def _rewrite_attribute(
        self, edits: Edits, node: ast.Attribute, find: Callable[[str, str], str | None]
    ) -> list[str]:
        """Replace `pydantic.name` by a name of its own, and return the import of that."""
        origin = self.origins.get(node.value.id) if isinstance(node.value, ast.Name) else None
        if origin is None or not origin.is_pydantic or origin.name is not None:
            return []
        found = find(origin.module, node.attr)
        if not found:
            raise self._error(node, f"uses {origin.module}.{node.attr}")
        edits.replace(node, f"_pydantic_{node.attr}")
        return [f"from {found} import {node.attr} as _pydantic_{node.attr}"]

    def _add_header(self, edits: Edits, header: str) -> None:
        body = list(self.tree.body)
        if body and isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant):
            del body[0]
        while body and isinstance(body[0], ast.ImportFrom) and body[0].module == "__future__":
            del body[0]
        first = body[0]
        if isinstance(first, SIMPLE_STATEMENTS):
            start = edits.start(first)
            edits.cut(start, start, f"{header}; ")
        else:
            decorators = getattr(first, "decorator_list", [])
            edits.insert_above(min(each.lineno for each in [first, *decorators]), header, 0)

    def _error(self, node: ast.stmt | ast.expr, problem: str) -> BundleError:
        return BundleError(f"{self.path}, line {node.lineno}, {problem}")


def _add_need(needs: dict[str, set[str] | None], module: str, name: str) -> None:
    names = needs.setdefault(module, set())
    if names is not None:
        names.add(name)


def prune_all(modules: Mapping[str, Module], concerned: Collection[str]) -> None:
    """Remove from the `concerned` modules what no module of the service needs."""
    inert = _find_inert(modules)

    def is_prunable(module: Module, name: str) -> bool:
        origin = module.origins[name]
        owner = _owner(origin, modules)
        is_inert = owner in inert and owner not in module.loaded and not module.is_re_export(name)
        return _is_definition(origin) or is_inert

    finds_modules = any(module.finds_modules() for module in modules.values())
    has_changed = True
    while has_changed:
        needed: dict[str, set[str] | None] = {
            name: None if finds_modules else set() for name in modules
        }
        for module in modules.values():
            for name, names in module.find_needs().items():
                before = needed.get(name, set())
                needed[name] = None if before is None or names is None else before | names
        changes = [modules[name].prune(needed[name], is_prunable) for name in concerned]
        has_changed = any(changes)


def _find_inert(modules: Mapping[str, Module]) -> set[str]:
    """Return the modules whose import has no effect but their definitions."""
    inert = set(modules)

    def is_inert_import(origin: Origin) -> bool:
        return _is_definition(origin) or _owner(origin, modules) in inert

    while not_inert := {name for name in inert if not modules[name].is_inert(is_inert_import)}:
        inert -= not_inert
    return inert


def _owner(origin: Origin, modules: Mapping[str, Module]) -> str | None:
    """Return the service's module that an import loads, besides its packages."""
    inner = f"{origin.module}.{origin.name}"
    return inner if inner in modules else origin.module if origin.module in modules else None


def _is_definition(origin: Origin) -> bool:
    """Whether an import only defines things: it is of the standard library or of types."""
    top = origin.module.partition(".")[0]
    return top in sys.stdlib_module_names or top in TYPE_LIBRARIES


def _defined_name(statement: ast.stmt) -> str | None:
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
            return name
    if type(statement).__name__ == "TypeAlias":  # `ast.TypeAlias` exists since Python 3.12.
        return str(statement.name.id)  # type: ignore[attr-defined]
    return None


def _find_module_read(node: ast.AST) -> ast.AST | None:
    """Return the `sys.modules` of `sys.modules.get("decimal")`, which only asks for that module."""
    match node:
        case ast.Call(
            func=ast.Attribute(value=modules, attr="get"), args=[ast.Constant(value=str(name)), *_]
        ) if name in sys.stdlib_module_names:
            return modules
    return None


def _find_names_in_annotations(statement: ast.stmt) -> Iterator[str]:
    """Yield the names in annotations that something may evaluate, or look at as a text.

    `dataclass` does with those of a class, and a decorator may with those of a function.
    """
    for node in ast.walk(statement):
        annotations: list[ast.expr | None] = []
        if isinstance(node, ast.ClassDef):
            annotations = [each.annotation for each in node.body if isinstance(each, ast.AnnAssign)]
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.decorator_list:
            arguments = [each for each in ast.walk(node.args) if isinstance(each, ast.arg)]
            annotations = [node.returns, *(each.annotation for each in arguments)]
        for part in (inner for each in annotations if each for inner in ast.walk(each)):
            if isinstance(part, ast.Name):
                yield part.id
            elif isinstance(part, ast.Constant) and isinstance(part.value, str):
                yield from NAME.findall(part.value)


def _find_all(tree: ast.Module) -> list[str]:
    """Return the names in `__all__`."""
    for statement in tree.body:
        if _defined_name(statement) == "__all__":
            return [
                node.value
                for node in ast.walk(statement)
                if isinstance(node, ast.Constant) and isinstance(node.value, str)
            ]
    return []
