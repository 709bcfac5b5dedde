"""Writes what a module's expressions make of pydantic's: adapters, concrete classes, models."""

import ast
import builtins
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel, TypeAdapter
from pydantic._internal._config import ConfigWrapper
from pydantic.dataclasses import is_pydantic_dataclass

from lambda_bundle.models.completion import write_completion
from lambda_bundle.models.names import find_path
from lambda_bundle.models.schema import SchemaWriter
from lambda_bundle.models.scopes import Scopes
from lambda_bundle.models.service_module import Source
from lambda_bundle.models.static import Static
from lambda_bundle.problems import BundleError

CONCRETE = "from compiled_pydantic.generics import concrete as _bundle_concrete"
FIND_CONCRETE = "from compiled_pydantic.generics import find_concrete as _bundle_find"
COMPLETE = "from compiled_pydantic.completion import complete as _bundle_complete"


def is_model(value: object) -> bool:
    """Whether a value is a class of pydantic's with a schema of its own."""
    if not isinstance(value, type):
        return False
    return (issubclass(value, BaseModel) and value is not BaseModel) or (
        is_pydantic_dataclass(value) and "__pydantic_fields__" in vars(value)
    )


class Expressions:
    """Finds and writes a module's expressions. `namespace` has the values of its names."""

    def __init__(
        self,
        source: Source,
        scopes: Scopes,
        namespace: Mapping[str, Any],
        writer: SchemaWriter,
        static: Static,
    ) -> None:
        self._source = source
        self._namespace = namespace
        self._writer = writer
        self._static = static
        self._scopes = scopes
        self.created = dict(self._find_created())

    def write(self) -> list[tuple[ast.expr, str]]:
        """Return each expression that is replaced, with the text in its place.

        Raises:
            BundleError: the value of one is known only when the program runs.
        """
        written: list[tuple[ast.expr, str]] = [
            (call, self._write_created(call, each)) for call, each in self.created.items()
        ]
        for call, local in self._scopes.calls:
            name = self.name_in_pydantic(call.func)
            if name == "create_model" and call not in self.created:
                raise self._error(call, "makes a model while the program runs")
            if name == "TypeAdapter":
                written.append((call, self._write_adapter(call, local)))
        at_top = set(self._walk_top())
        for subscript, local in self._scopes.subscripts:
            if concrete := self._find_concrete(subscript, local):
                text = self._writer.write_value(ast.unparse(subscript), concrete)
                if subscript in at_top:  # Then pickle finds it, as with pydantic.
                    text = f"{text[:-1]}, at_top=True)"
                written.append((subscript, text))
        return written

    def _walk_top(self) -> Iterator[ast.AST]:
        """Yield the nodes of the module that are in no class or function."""
        kinds = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
        for statement in self._source.tree.body:
            if not isinstance(statement, kinds):
                yield from ast.walk(statement)

    def is_model(self, node: ast.expr) -> bool:
        """Whether an expression is a model, or their base class, as far as it can be known."""
        value = self._evaluate_or_none(node)
        return value is BaseModel or is_model(value)

    def name_in_pydantic(self, node: ast.expr) -> str | None:
        """Return the name that an expression stands for in pydantic, or None."""
        path = find_path(node)
        origin = self._source.origins.get(path[0]) if path else None
        if not (path and origin and origin.is_pydantic):
            return None
        return path[-1] if len(path) > 1 else origin.name

    def _find_created(self) -> Iterator[tuple[ast.Call, type[BaseModel]]]:
        """Yield the calls of `create_model` that give a name of the module its value."""
        for statement in self._source.tree.body:
            match statement:
                case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call() as call):
                    model = self._namespace.get(name)
                    is_created = self.name_in_pydantic(call.func) == "create_model"
                    if is_created and isinstance(model, type) and issubclass(model, BaseModel):
                        yield call, model

    def _write_created(self, call: ast.Call, model: type[BaseModel]) -> str:
        """Complete the class that `create_model` makes. Its fields are in the schema."""
        kept = [each for each in call.keywords if each.arg and each.arg.startswith("__")]
        if any(each.arg is None for each in call.keywords):
            raise self._error(call, "has fields that are known only when the program runs")
        fields = [each for each in call.keywords if each not in kept]
        for part in fields:
            if changing := self._static.find_changing(part, self._source.name):
                raise self._error(call, f"depends on {changing}")
        completion = write_completion(None, model, self._writer)
        if any(owner is model for owner, _ in self._writer.shared.captured):
            raise self._error(call, "has a default that cannot be written down")
        self._writer.imports.add(COMPLETE)
        return (
            f"_bundle_complete({completion})({ast.unparse(ast.Call(call.func, call.args, kept))})"
        )

    def _write_adapter(self, call: ast.Call, local: frozenset[str]) -> str:
        """Replace the type in `TypeAdapter(…)` by its schema."""
        if changing := self._static.find_changing(call, self._source.name):
            raise self._error(call, f"depends on {changing}")
        adapter = self._evaluate(call, local)
        assert isinstance(adapter, TypeAdapter)
        if is_model(adapter._type):  # noqa: SLF001 (pydantic has no public name for it)
            return ast.unparse(call)
        kind = repr(adapter)[len("TypeAdapter(") : -1]
        schema = self._writer.write_schema(ast.unparse(call), dict(adapter.core_schema))
        function, config = ast.unparse(call.func), _find_config(adapter)
        written = self._writer.write_value("config", config)
        return f"{function}(lambda: {schema}, name={kind!r}, config={written})"

    def _find_concrete(self, subscript: ast.Subscript, local: frozenset[str]) -> type | None:
        """Return the concrete class of a generic model, such as `Page[Item]`."""
        path = find_path(subscript.value)
        if path is None or path[0] in local:
            return None
        generic = self._evaluate_or_none(subscript.value)
        if not (isinstance(generic, type) and issubclass(generic, BaseModel)):
            return None
        concrete = self._evaluate(subscript, local)
        return concrete if isinstance(concrete, type) and concrete is not generic else None

    def _evaluate(self, node: ast.expr, local: frozenset[str]) -> object:
        names = {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
        unknown = names & local | (names - self._namespace.keys() - vars(builtins).keys())
        if unknown:
            problem = f"has {min(unknown)}, which is known only when the program runs"
            raise self._error(node, problem)
        try:
            return eval(ast.unparse(node), {**self._namespace})
        except Exception as error:
            raise self._error(node, f"fails: {type(error).__name__}: {error}") from error

    def _evaluate_or_none(self, node: ast.expr) -> object:
        path = find_path(node)
        try:
            return self._evaluate(node, frozenset()) if path else None
        except BundleError:
            return None

    def _error(self, node: ast.expr, problem: str) -> BundleError:
        return BundleError(
            f"{self._source.path}, line {node.lineno}: {ast.unparse(node)} {problem}"
        )


def _find_config(adapter: TypeAdapter[Any]) -> dict[str, Any] | None:
    """Return pydantic-core's configuration for an adapter."""
    config = adapter._config  # noqa: SLF001 (pydantic has no public name for it)
    return dict(ConfigWrapper(config).core_config(None)) if config else None


def write_concrete(writer: SchemaWriter, target: type[Any]) -> str:
    """Return the expression for a concrete class of a generic model."""
    metadata = target.__pydantic_generic_metadata__
    origin = writer.name(metadata["origin"])
    arguments = tuple(map(repr, metadata["args"]))  # Only to tell the classes apart.
    if target in writer.shared.writing:
        writer.imports.add(FIND_CONCRETE)
        return f"_bundle_find({origin}, {arguments!r})"
    writer.shared.writing.append(target)
    inner = writer.nested()
    completion = write_completion(None, target, inner)
    writer.imports |= inner.imports | {CONCRETE}
    writer.loaded |= inner.loaded
    writer.shared.writing.remove(target)
    parameters = inner.write_value(target.__name__, metadata["parameters"])
    return (
        f"_bundle_concrete({origin}, {arguments!r}, {completion}, name={target.__name__!r}, "
        f"parameters={parameters})"
    )
