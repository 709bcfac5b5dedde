"""Writes core schemas as Python source: the same in every build."""

import ast
import contextlib
import dataclasses
import re
import sys
import types
from collections.abc import Iterable, Iterator
from typing import Any

from pydantic import BaseModel

from lambda_bundle.models.shared import Shared
from lambda_bundle.models.values import is_immutable
from lambda_bundle.models.writer import ExpressionWriter
from lambda_bundle.problems import BundleError

# Neither the validator nor the serializer reads them.
UNUSED = {"json_schema_input_schema", "metadata"}
# The validator's defaults.
DEFAULTS: list[tuple[str, object]] = [
    ("computed_fields", []),
    ("custom_init", False),
    ("root_model", False),
]
# Members of schemas that are schemas themselves.
SCHEMAS = {
    *("schema", "items_schema", "keys_schema", "values_schema", "extras_schema"),
    *("extras_keys_schema", "return_schema", "json_schema", "python_schema", "lax_schema"),
    *("strict_schema", "arguments_schema", "var_args_schema", "var_kwargs_schema"),
    *("serialization", "choices", "fields", "computed_fields", "steps", "definitions"),
}
NAMED = {"choices", "fields"}  # Dicts of schemas by names, or lists of schemas.


class SchemaWriter(ExpressionWriter):
    """Writes the schemas and values of a module, and collects the imports that the source needs."""

    def __init__(self, module: types.ModuleType, tree: ast.Module, shared: Shared) -> None:
        super().__init__(module, shared)
        self._python_module, self._tree = module, tree
        self._models: list[type] = []  # Whose fields are being written.
        self._refs: dict[str, str] = {}

    def write_schema(self, where: str, schema: Any, owner: type | None = None) -> str:
        """Return the source of a core schema, in which `cls` is the owner.

        Raises:
            BundleError: something in the schema cannot be written: says where, what, and what
                would change it.
        """
        self._where, self._refs, self._owner, self._models = [where], {}, owner, []
        return self._write_schema(schema)

    def nested(self) -> "SchemaWriter":
        """Return another writer of the module, for a schema within one."""
        return SchemaWriter(self._python_module, self._tree, self.shared)

    def _write_schema(self, schema: dict[str, Any]) -> str:
        with self._fields_of(schema):
            members = [
                f"{key!r}: {self._write_member(key, inner, schema)}"
                for key, inner in schema.items()
                if key not in UNUSED and (key, inner) not in DEFAULTS
            ]
        return f"{{{', '.join(members)}}}"

    @contextlib.contextmanager
    def _fields_of(self, schema: dict[str, Any]) -> Iterator[None]:
        """Note the class whose fields are in a schema."""
        is_class = schema.get("type") in ("model", "dataclass", "named-tuple", "typed-dict")
        self._models += [schema["cls"]] if is_class and "cls" in schema else []
        before = len(self._models)
        yield
        del self._models[before - 1 if is_class and "cls" in schema else before :]

    def _write_member(self, key: str, value: Any, schema: dict[str, Any]) -> str:
        if key in ("ref", "schema_ref"):
            # Pydantic's refs have addresses, which differ from process to process.
            name = re.sub(r":\d+", "", value)
            return repr(self._refs.setdefault(value, f"{name}:{len(self._refs)}"))
        if key in SCHEMAS:
            return self._write_schemas(key, value)
        if key == "function" and isinstance(value, dict):
            return self._write_schema(value)  # `{'type': 'with-info', 'function': …}`
        if key in ("default", "default_factory") and schema.get("type") == "default":
            return self._write_default(value)
        return self._write(value)

    def _write_schemas(self, key: str, value: Any) -> str:
        if isinstance(value, list):
            return f"[{', '.join(self._write_schemas('', each) for each in value)}]"
        if isinstance(value, tuple):  # A choice of a union, and its label.
            schema, label = value
            return f"({self._write_schema(schema)}, {label!r})"
        if key in NAMED and isinstance(value, dict):
            return self._write_named_schemas(value)
        if not isinstance(value, dict):
            return self._write(value)
        name = value.get("name")
        if not isinstance(name, str):
            return self._write_schema(value)
        with self._at(name):  # A field of a dataclass or named tuple, or an argument.
            return self._write_schema(value)

    def _write_named_schemas(self, schemas: dict[Any, Any]) -> str:
        written = []
        for name, schema in schemas.items():
            with self._at(str(name)):
                written.append(f"{self._write(name)}: {self._write_schema(schema)}")
        return f"{{{', '.join(written)}}}"

    def _write_default(self, value: Any) -> str:
        """Return the source of a field's default, or of the function that makes it."""
        if self._must_capture():
            return self._capture(value) or self._write(value)
        try:
            if is_immutable(value) or isinstance(value, type) or not self.shared.can_capture:
                return self._write(value)
            if callable(value) and getattr(value, "__name__", "") != "<lambda>":
                return self._write(value)
        except BundleError:
            if captured := self._capture(value):
                return captured
            raise
        return self._capture(value) or self._write(value)

    def _must_capture(self) -> bool:
        """Whether a field's value stays in its class, whatever it is."""
        bases = self._models[-1].__mro__ if self._models else ()
        return any((base, self._where[-1]) in self.shared.captured for base in bases)

    def _capture(self, value: object) -> str | None:
        """Return the expression for a field's value that stays in the body of its class."""
        if not self._models or not self.shared.can_capture:
            return None
        field = self._where[-1]
        for owner in self._models[-1].__mro__:
            kept = _find_kept(owner, field, value)
            if kept:
                if kept == f"__captured__[{field!r}]":
                    self.shared.captured.add((owner, field))
                return f"{self.name(owner)}.{kept}"
        return None


def _find_kept(owner: type, field: str, value: object) -> str | None:
    """Return where a class keeps a field's default, or the function that makes it."""
    if issubclass(owner, BaseModel) or hasattr(owner, "__pydantic_fields__"):
        info = vars(owner).get("__pydantic_fields__", {}).get(field)
        is_own = field in _list_annotated(owner)
        held = info and (info.default is value or info.default_factory is value)
        return f"__captured__[{field!r}]" if is_own and held else None
    if dataclasses.is_dataclass(owner) and field in owner.__dataclass_fields__:
        for attribute in ("default", "default_factory"):
            if getattr(owner.__dataclass_fields__[field], attribute) is value:
                return f"__dataclass_fields__[{field!r}].{attribute}"
    defaults = getattr(owner, "_field_defaults", {})
    return f"_field_defaults[{field!r}]" if defaults.get(field) is value and value else None


def _list_annotated(owner: type) -> Iterable[str]:
    """Return the names that a class itself has annotations for."""
    if sys.version_info >= (3, 14):
        import annotationlib  # noqa: PLC0415 (new in Python 3.14)

        return list(annotationlib.get_annotations(owner, format=annotationlib.Format.FORWARDREF))
    return list(vars(owner).get("__annotations__", {}))
