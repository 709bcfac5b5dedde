"""Compiles one module of a service: the same code, with stand-ins in place of pydantic."""

import ast
import sys
import typing
from types import ModuleType
from typing import Any

from pydantic import BaseModel, TypeAdapter
from pydantic.fields import FieldInfo

from lambda_bundle.models.class_body import edit_class, find_read_fields, remove_schema_methods
from lambda_bundle.models.completion import write_completion
from lambda_bundle.models.edits import Edits
from lambda_bundle.models.expressions import COMPLETE, Expressions, is_model, write_concrete
from lambda_bundle.models.imports import Module
from lambda_bundle.models.names import Origin, find_root
from lambda_bundle.models.schema import SchemaWriter
from lambda_bundle.models.scopes import Scopes
from lambda_bundle.models.service_module import Source
from lambda_bundle.models.shared import Shared
from lambda_bundle.models.static import Static
from lambda_bundle.problems import BundleError

FIELD_FUNCTIONS = {"Field", "PrivateAttr"}
PLAIN_ATTRIBUTES = {"annotation", "default", "default_factory"}


class ModuleCompiler:
    """Compiles one module. `write` must have been called for all modules before `edit` is.

    `module` is the imported module, or None if it need not be imported.
    """

    def __init__(
        self, source: Source, module: ModuleType | None, shared: Shared, static: Static
    ) -> None:
        self.source = source
        self.static = static
        self.module = module
        self.shared = shared
        self.scopes = Scopes.find(source.tree)
        namespace = vars(module) if module else _import_names(source.origins)
        self.writer = SchemaWriter(module or ModuleType(source.name), source.tree, shared)
        shared.write_concrete = write_concrete
        self.expressions = Expressions(source, self.scopes, namespace, self.writer, static)
        self._models: dict[ast.ClassDef, type[Any]] = {}
        self._completions: dict[ast.ClassDef, str] = {}
        self._expressions: list[tuple[ast.expr, str]] = []

    @property
    def has_models(self) -> bool:
        """Whether the module defines models, once `write` has been called."""
        return bool(self._models or self._expressions)

    def write(self) -> None:
        """Write the schemas of the module's models and other objects of pydantic's.

        Raises:
            BundleError: something cannot be compiled; says what, and why.
        """
        self._models = self._find_models()
        for node, model in self._models.items():
            self._check_static(node, model)
            for name in find_read_fields(node, model) | self._find_changing_defaults(node, model):
                self.shared.captured.add((model, name))
        for node, model in self._models.items():
            self._completions[node] = write_completion(node, model, self.writer)
        self._expressions = self.expressions.write()
        for node, local in self.scopes.local_classes:
            self._check_local_class(node, local)

    def edit(self) -> Module:
        """Return the compiled module, whose imports are not yet rewritten."""
        edits = Edits(self.source.text)
        for node, model in self._models.items():
            captured = {name for owner, name in self.shared.captured if owner is model}
            if issubclass(model, BaseModel):
                edit_class(edits, node, model, captured)
            if captured:
                self._completions[node] += f", captured={tuple(sorted(captured))}"
            edits.insert_above(
                node.lineno, f"@_bundle_complete({self._completions[node]})", node.col_offset
            )
        for _, node in self.scopes.classes if self.module else []:
            if node not in self._models:
                remove_schema_methods(edits, node)
        for expression, text in self._expressions:
            edits.replace(expression, text)
        values = vars(self.module) if self.module else {}
        definitions = [name for name, value in values.items() if _is_for_annotations(value)]
        return Module(self.source, edits.apply(), definitions, self.writer.loaded)

    def header(self) -> list[str]:
        """Return the import statements that the compiled source needs besides its own."""
        completes = {COMPLETE} if self._models else set()
        return sorted(self.writer.imports | completes)

    def _check_static(self, node: ast.ClassDef, model: type[Any]) -> None:
        """Check that the model's schema is the same wherever the module is imported."""
        parts: list[ast.AST] = [*node.keywords]
        for statement in node.body:
            match statement:
                case ast.AnnAssign(target=ast.Name(id=name), annotation=annotation):
                    parts += [annotation] if name in model.__pydantic_fields__ else []
                case ast.Assign(targets=[ast.Name(id="model_config")]):
                    parts.append(statement.value)
                case ast.ClassDef(name="Config"):
                    parts.append(statement)
        for part in [*parts, *self._list_constraints(node, model)]:
            if changing := self.static.find_changing(part, self.source.name, node):
                problem = f"depends on {changing}, which is computed when the module is imported"
                raise self._error(model.__qualname__, problem)

    def _list_constraints(self, node: ast.ClassDef, model: type[Any]) -> list[ast.AST]:
        """Return the arguments of each field's `Field(…)`, except its default.

        Or the whole value, if that is a constant or the result of an own function which has more
        than a default.
        """
        whole = [
            statement.value
            for statement in node.body
            if isinstance(statement, ast.AnnAssign)
            and statement.value is not None
            and self._is_field_of_own(statement, model)
        ]
        return whole + [
            keyword
            for statement in node.body
            if isinstance(statement, ast.AnnAssign)
            and isinstance(statement.value, ast.Call)
            and self.expressions.name_in_pydantic(statement.value.func) in FIELD_FUNCTIONS
            for keyword in statement.value.keywords
            if keyword.arg not in ("default", "default_factory")
        ]

    def _is_field_of_own(self, statement: ast.AnnAssign, model: type[Any]) -> bool:
        """Whether a field's value may be a `Field(…)` that stands elsewhere in the service."""
        field = model.__pydantic_fields__.get(ast.unparse(statement.target))
        root = find_root(statement.value) if statement.value else None
        if field is None or root is None or statement.value is None:
            return False
        value = vars(self.module).get(root)
        is_own = getattr(value, "__module__", None) in self.static.modules
        is_plain = not field.metadata and field._attributes_set.keys() <= PLAIN_ATTRIBUTES  # noqa: SLF001 (there is no public name)
        return isinstance(value, FieldInfo) or (is_own and not is_plain)

    def _find_changing_defaults(self, node: ast.ClassDef, model: type[Any]) -> set[str]:
        """Return the fields whose default is computed when the module is imported."""
        return {
            statement.target.id
            for statement in node.body
            if isinstance(statement, ast.AnnAssign)
            and isinstance(statement.target, ast.Name)
            and statement.target.id in model.__pydantic_fields__
            and statement.value is not None
            and self.static.find_changing(statement.value, self.source.name, node)
        }

    def _find_models(self) -> dict[ast.ClassDef, type[Any]]:
        if not self.module:
            return {}
        found: dict[ast.ClassDef, type[Any]] = {}
        for qualified_name, node in self.scopes.classes:
            kind = self._resolve(qualified_name)
            if isinstance(kind, type) and is_model(kind):
                if kind.__qualname__ != qualified_name or kind.__module__ != self.source.name:
                    raise self._error(qualified_name, "is replaced by another class")
                if kind in found.values():
                    raise self._error(qualified_name, "is defined twice")
                found[node] = kind
            elif any(map(self.expressions.is_model, node.bases)):
                raise self._error(qualified_name, "is not what its class statement made")
        for model in _list_subclasses(BaseModel):
            is_own = model.__module__ == self.source.name and model not in found.values()
            is_known = model.__pydantic_generic_metadata__["origin"] or self._is_created(model)
            if is_own and not is_known:
                raise self._error(model.__qualname__, "is made while the program runs")
        return found

    def _is_created(self, model: type[Any]) -> bool:
        return any(each is model for each in self.expressions.created.values())

    def _resolve(self, qualified_name: str) -> object:
        target: object = self.module
        for part in qualified_name.split("."):
            target = vars(target).get(part) if hasattr(target, "__dict__") else None
        return target

    def _check_local_class(self, node: ast.ClassDef, local: frozenset[str]) -> None:
        for base in node.bases:
            if find_root(base) in local or self.expressions.is_model(base):
                raise self._error(node.name, "is a class that a function makes")
        for decorator in node.decorator_list:
            origin = self.source.origins.get(find_root(decorator) or "")
            if origin and origin.is_pydantic:
                raise self._error(node.name, "is a class that a function makes")

    def _error(self, what: str, problem: str) -> BundleError:
        return BundleError(f"{self.source.path}: {what} {problem}")


def _list_subclasses(kind: type[Any]) -> list[type[Any]]:
    return [each for child in kind.__subclasses__() for each in (child, *_list_subclasses(child))]


def _import_names(origins: dict[str, Origin]) -> dict[str, Any]:
    """Return what import statements bind, as far as these modules have been imported."""
    bound = {}
    for name, origin in origins.items():
        module = sys.modules.get(origin.module)
        inner = sys.modules.get(f"{origin.module}.{origin.name}")
        if origin.name is None and module:
            bound[name] = module
        elif module and hasattr(module, origin.name or ""):
            bound[name] = getattr(module, origin.name or "")
        elif inner:
            bound[name] = inner
    return bound


def _is_for_annotations(value: object) -> bool:
    """Whether a value is a type, or part of one, such as `Annotated[int, Field(ge=1)]`."""
    if isinstance(value, TypeAdapter):
        return False
    return typing.get_origin(value) is not None or type(value).__module__.partition(".")[0] in (
        "annotated_types",
        "pydantic",
        "types",
        "typing",
        "typing_extensions",
    )
