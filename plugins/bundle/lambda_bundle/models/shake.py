"""Takes out of pydantic's own source the definitions that schemas and services use.

Pydantic's types, such as `SecretStr`, are Python code. An artifact gets only the definitions that
it reaches, as `compiled_pydantic/_pydantic/types.py` and the like, without annotations and without
the methods that make schemas.
"""

import ast
import contextlib
import copy
import functools
import importlib.util
import types
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePath

from lambda_bundle.models.source import (
    Bindings,
    Strip,
    find_attributes,
    find_globals,
    import_late,
    make_absolute,
    read_bindings,
)
from lambda_bundle.problems import BundleError

PACKAGE = "compiled_pydantic._pydantic"
# They make schemas, or need annotations, which an artifact does not have.
FORBIDDEN = (
    *("pydantic.deprecated", "pydantic.fields", "pydantic.json_schema", "pydantic.main"),
    *("pydantic.plugin", "pydantic.root_model", "pydantic.type_adapter", "pydantic.v1"),
    *("pydantic.config", "pydantic.dataclasses", "pydantic._internal._generate_schema"),
    *("pydantic._internal._model_construction", "pydantic._internal._config"),
    *("pydantic._internal._fields", "pydantic._internal._mock_val_ser"),
)
# The stand-ins have these classes, and services catch them.
STAND_INS = ("pydantic.errors", "pydantic.warnings")
# Definitions that need less in an artifact.
REPLACED = {
    # The original makes the schema of the class by `TypeAdapter`.
    ("pydantic.networks", "_build_type_adapter"): """
def _build_type_adapter(cls, built={}):
    from pydantic_core import SchemaValidator
    if cls not in built:
        built[cls] = SchemaValidator(cls.__get_pydantic_core_schema__(cls, None))
    return built[cls]
""",
    # The original checks the version, which the packaged pydantic has done by then.
    ("pydantic.networks", "import_email_validator"): """
def import_email_validator():
    global email_validator
    import email_validator
""",
}
PLAIN_DATACLASSES = {"dataclass", "fields"}  # What runtime/…/plain_dataclasses.py has.
MAKE_OWN_SCHEMA = ("_BaseUrl", "_BaseMultiHostUrl")  # For `_build_type_adapter`.


@dataclass
class _Part:
    """What was taken from one module."""

    bindings: Bindings
    names: set[str] = field(default_factory=set)
    imports: set[str] = field(default_factory=set)
    factories: dict[str, ast.stmt] = field(default_factory=dict)

    def copy(self) -> "_Part":
        """Return a part that can change for itself."""
        return _Part(self.bindings, {*self.names}, {*self.imports}, {**self.factories})


class Shaken:
    """The definitions that were taken from pydantic's source."""

    def __init__(self) -> None:
        self._parts: dict[str, _Part] = {}

    def take(self, module: str, name: str) -> str:
        """Take a definition with all that it uses; return the module that has it in an artifact.

        For example `take("pydantic.types", "SecretStr")` is `"compiled_pydantic._pydantic.types"`.

        Raises:
            BundleError: it uses parts of pydantic that cannot be taken.
        """
        with self._all_or_nothing():
            return self._take(module, name)

    def _take(self, module: str, name: str) -> str:
        if module in STAND_INS:
            return "compiled_pydantic"
        if module.startswith(FORBIDDEN):
            raise _refuse(module, name)
        part = self._open(module)
        if name in part.names:
            return to_artifact(module)
        if name not in part.bindings:
            raise _refuse(module, name)
        part.names.add(name)
        for statement in part.bindings[name]:
            self._follow(module, part, statement, name)
        return to_artifact(module)

    def lift(self, function: types.FunctionType) -> tuple[str, str]:
        """Take a function that is defined in another one.

        Returns the module that has it in an artifact, and the name of the function there that
        makes it from the values of its `co_freevars`.

        Raises:
            BundleError: it uses parts of pydantic that cannot be taken.
        """
        module, code = function.__module__, function.__code__
        part = self._open(module)
        outer = function.__qualname__.replace(".<locals>", "").replace("<lambda>", "lambda")
        name = f"{outer.replace('.', '_')}_{code.co_firstlineno}"
        if name not in part.factories:
            factory = _write_factory(name, find_nested(code), code.co_freevars)
            with self._all_or_nothing():
                part.factories[name] = factory = make_absolute(module, factory)
                self._follow(module, part, factory, name)
        return to_artifact(module), name

    def files(self) -> dict[str, str]:
        """Return the source of all that was taken, by its path in an artifact."""
        files: dict[str, str] = {}
        for module, part in sorted(self._parts.items()):
            path = to_artifact(module).replace(".", "/")
            folders = PurePath(path).parents[:-2]  # The stand-ins have their own __init__.py.
            files |= {f"{folder}/__init__.py": "" for folder in folders}
            files[f"{path}.py"] = _write_module(module, part)
        return files

    @contextlib.contextmanager
    def _all_or_nothing(self) -> Iterator[None]:
        """Forget what was taken since then if something cannot be taken."""
        before = {module: part.copy() for module, part in self._parts.items()}
        try:
            yield
        except BundleError:
            self._parts = before
            raise

    def _open(self, module: str) -> _Part:
        if module not in self._parts:
            self._parts[module] = _Part(_read_bindings(module))
        return self._parts[module]

    def _follow(self, module: str, part: _Part, statement: ast.stmt, name: str) -> None:
        """Take what a statement uses."""
        if isinstance(statement, ast.Import | ast.ImportFrom):
            part.imports |= set(self._import(statement, name, used=[statement]))
            return
        stripped = _strip(module, name, statement)
        for each in ast.walk(stripped):
            if isinstance(each, ast.ImportFrom) and is_pydantic(each.module or ""):
                for alias in each.names:
                    self._take_imported(each.module or "", alias.name, [stripped])
        for used in sorted(find_globals(stripped)):
            for binding in part.bindings.get(used, ()):
                if isinstance(binding, ast.Import | ast.ImportFrom):
                    part.imports |= set(self._import(binding, used, used=[stripped]))
                else:
                    self._take(module, used)

    def _import(
        self, statement: ast.Import | ast.ImportFrom, name: str, used: list[ast.stmt]
    ) -> Iterator[str]:
        """Yield the import statement of one name, and take what it imports from pydantic."""
        for alias in statement.names:
            bound = alias.asname or alias.name.partition(".")[0]
            if bound != name:
                continue
            renamed = f" as {alias.asname}" if alias.asname else ""
            if isinstance(statement, ast.Import):
                used_of = {each for one in used for each in find_attributes(one, name)}
                is_plain = alias.name == "dataclasses" and used_of <= PLAIN_DATACLASSES
                source = "from compiled_pydantic import plain_dataclasses as {}"
                yield source.format(name) if is_plain else f"import {alias.name}{renamed}"
                continue
            source = statement.module or ""
            if source == "dataclasses" and alias.name in PLAIN_DATACLASSES:
                source = "compiled_pydantic.plain_dataclasses"
            if is_pydantic(f"{source}.{alias.name}") or is_pydantic(source):
                found = self._take_imported(source, alias.name, used, bound)
                yield f"from {found} import {alias.name}{renamed}"
            else:
                yield f"from {_without_extensions(source, alias.name)} import {alias.name}{renamed}"

    def _take_imported(
        self, source: str, name: str, used: list[ast.stmt], bound: str | None = None
    ) -> str:
        """Take a name of a module of pydantic, or what is used of it if it is a module."""
        inner = f"{source}.{name}"
        if _find_source(inner) is None:
            return self._take(source, name)
        for statement in used:
            for attribute in find_attributes(statement, bound or ""):
                self._take(inner, attribute)
        return to_artifact(inner).rpartition(".")[0]


def to_artifact(module: str) -> str:
    """Return the name in an artifact of one of pydantic's modules."""
    return f"{PACKAGE}.{module.removeprefix('pydantic_core.').removeprefix('pydantic.')}"


def is_pydantic(module: str) -> bool:
    """Whether an artifact has, of this module, only what is taken from its source."""
    top = module.partition(".")[0]
    return top in {"pydantic", "annotated_types"} or module == "pydantic_core.core_schema"


def _without_extensions(module: str, name: str) -> str:
    """Return `typing` for what it has in every supported Python, since it is always there."""
    is_in_typing = name in {"Self", "get_args", "get_origin", "Literal", "Protocol", "TypedDict"}
    return "typing" if module == "typing_extensions" and is_in_typing else module


def _refuse(module: str, name: str) -> BundleError:
    return BundleError(f"{module}.{name} makes schemas, which needs all of pydantic")


@functools.cache
def _find_source(module: str) -> Path | None:
    try:
        spec = importlib.util.find_spec(module)
    except ModuleNotFoundError:
        return None
    return Path(spec.origin) if spec and spec.origin else None


@functools.cache
def _read_bindings(module: str) -> Bindings:
    path = _find_source(module)
    if path is None:
        raise BundleError(f"there is no source of {module}")
    return read_bindings(module, ast.parse(path.read_text(encoding="utf-8")))


@functools.cache
def _parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _strip(module: str, name: str, statement: ast.stmt) -> ast.stmt:
    if replaced := REPLACED.get((module, name)):
        return ast.copy_location(ast.parse(replaced).body[0], statement)
    return Strip(keeps_schema=name in MAKE_OWN_SCHEMA).strip(statement)


def _move_imports(statement: ast.stmt) -> ast.stmt:
    """Make the imports in a function those of an artifact."""
    for node in ast.walk(statement):
        if isinstance(node, ast.ImportFrom) and is_pydantic(node.module or ""):
            is_stand_in = node.module in STAND_INS
            node.module = "compiled_pydantic" if is_stand_in else to_artifact(node.module or "")
    return statement


def find_nested(code: types.CodeType) -> ast.FunctionDef | ast.Lambda:
    """Return the function or lambda that has this code, from the file that it is from."""
    for node in ast.walk(_parse(Path(code.co_filename))):
        if not isinstance(node, ast.FunctionDef | ast.Lambda):
            continue
        is_same = getattr(node, "name", "<lambda>") == code.co_name
        if is_same and node.lineno == code.co_firstlineno:
            return copy.deepcopy(node)
    raise BundleError(f"there is no source of {code.co_qualname}")


def _write_factory(
    name: str, node: ast.FunctionDef | ast.Lambda, values: tuple[str, ...]
) -> ast.stmt:
    """Return a function that makes the function in it from the values around it."""
    arguments = ", ".join(values)
    if isinstance(node, ast.Lambda):
        return ast.parse(f"def {name}({arguments}):\n    return {ast.unparse(node)}").body[0]
    factory = ast.parse(f"def {name}({arguments}):\n    return {node.name}").body[0]
    assert isinstance(factory, ast.FunctionDef)
    factory.body.insert(0, node)
    return factory


def _write_module(module: str, part: _Part) -> str:
    """Return the source of what was taken from a module, in the order that it has there."""
    statements = [
        _strip(module, name, statement)
        for name in part.bindings.keys() & part.names
        for statement in part.bindings[name]
        if not isinstance(statement, ast.Import | ast.ImportFrom)
    ]
    statements.sort(key=lambda each: (each.lineno, ast.unparse(each)))
    statements += [Strip().strip(each) for _, each in sorted(part.factories.items())]
    imports = import_late(statements, sorted(part.imports))
    unique = dict.fromkeys(ast.unparse(_move_imports(each)) for each in statements)
    lines = [
        f"# Generated by lambda-bundle from {module}.",
        "from __future__ import annotations",
        *imports,
        *unique,
    ]
    return "\n".join(lines) + "\n"
