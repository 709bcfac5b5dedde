"""Writes core schemas, and the values in them, as Python source: the same in every build."""

import ast
import contextlib
import dataclasses
import enum
import sys
import types
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from pydantic import BaseModel

from lambda_bundle.models.callables import (
    Lambdas,
    find_attribute,
    find_constant,
    is_importable,
    resolve,
    write_lambda,
    write_reduced,
)
from lambda_bundle.models.shake import Shaken, find_nested, is_pydantic
from lambda_bundle.models.source import find_attributes
from lambda_bundle.models.values import is_immutable, write_plain
from lambda_bundle.problems import ADVICE, BundleError

UNUSED = {"metadata"}  # Neither the validator nor the serializer reads it.
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


class Shared:
    """What the writers of a function's modules share.

    Attributes:
        captured: fields, as `(class, name)`, whose value must stay in the body of the class,
            because it cannot be written down.
        can_capture: whether values may stay there.
        write_concrete: writes the expression for a concrete class of a generic model.
        pydantic: what was taken from pydantic's source.
    """

    def __init__(self, *, can_capture: bool = True) -> None:
        self.captured: set[tuple[type, str]] = set()
        self.can_capture = can_capture
        self.pydantic = Shaken()
        self.writing: list[type] = []  # Concrete classes whose schemas are being written.
        self.write_concrete: Callable[[SchemaWriter, type], str] | None = None


class SchemaWriter:
    """Writes the schemas and values of a module, and collects the imports that the source needs."""

    def __init__(self, module: types.ModuleType, tree: ast.Module, shared: Shared) -> None:
        self.module = module.__name__
        self.shared = shared
        self._python_module, self._tree = module, tree
        self.imports: set[str] = set()
        self._lambdas = Lambdas(tree)
        self._owner: type | None = None
        self._models: list[type] = []  # Whose fields are being written.
        self._refs: dict[str, str] = {}
        self._where: list[str] = []

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

    def write_value(self, where: str, value: object) -> str:
        """Return the source of a value. Errors name it `where`.

        Raises:
            BundleError: the value can be neither written nor named.
        """
        self._where, self._owner, self._models = [where], None, []
        return self._write(value)

    def name(self, target: Any) -> str:
        """Return the expression for a class or function, and add the import that it needs.

        Raises:
            BundleError: no name leads to it.
        """
        if target is self._owner:
            return "cls"
        module, name = target.__module__, target.__qualname__
        if module == "builtins":
            return str(name)
        metadata = getattr(target, "__pydantic_generic_metadata__", None) or {}
        if metadata.get("args"):
            return self._write_concrete(target)
        if module == "pydantic_core._pydantic_core":
            module = "pydantic_core"
        if resolve(module, name) is target:
            return self._name_in(module, name)
        if constant := find_constant(module, target):
            return self._name_in(module, constant)
        raise self._error(
            f"uses {module}.{name}, which is not at the top of its module. Define it there"
        )

    def _name_in(self, module: str, name: str) -> str:
        if module == self.module:
            return name
        if is_pydantic(module):
            module = self._take(module, name.partition(".")[0])
        elif not is_importable(module, name, resolve(module, name)):
            raise self._error(f"uses {module}.{name}, which cannot be imported")
        if module.partition(".")[0] in sys.stdlib_module_names:
            self.imports.add(f"import {module}")
            return f"{module}.{name}"
        return f"{self._import(module)}.{name}"

    def _import(self, module: str) -> str:
        alias = f"_{module.replace('.', '_')}"
        self.imports.add(f"import {module} as {alias}")
        return alias

    def _take(self, module: str, name: str) -> str:
        try:
            return self.shared.pydantic.take(module, name)
        except BundleError as error:
            raise self._error(f"uses {module}.{name}: {error}") from error

    def _write_concrete(self, target: type) -> str:
        if self.shared.write_concrete is None:
            raise self._error(f"uses the generic model {target.__name__}. Use a plain model")
        return self.shared.write_concrete(self, target)

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
            # Pydantic's refs end in an address, which differs from process to process.
            number = len(self._refs)
            return repr(self._refs.setdefault(value, f"{value.partition(':')[0]}:{number}"))
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

    @contextlib.contextmanager
    def _at(self, name: str) -> Iterator[None]:
        self._where.append(name)
        yield
        self._where.pop()

    def _write_default(self, value: Any) -> str:
        """Return the source of a field's default, or of the function that makes it."""
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

    def _write(self, value: Any) -> str:  # noqa: PLR0911 (one for each kind)
        plain = write_plain(value, self._write, self.imports)
        if plain is not None:
            return plain
        if isinstance(value, enum.Enum):
            return self._write_enum(value)
        if isinstance(value, type):
            return self.name(value)
        if isinstance(value, types.GenericAlias):
            arguments = ", ".join(map(self._write, value.__args__))
            return f"{self._write(value.__origin__)}[{arguments}]"
        if isinstance(value, tuple) and hasattr(value, "_fields"):
            return f"{self.name(type(value))}({', '.join(map(self._write, value))})"
        if is_pydantic(type(value).__module__) and dataclasses.is_dataclass(value):
            members = ", ".join(f"{name}={self._write(each)}" for name, each in _members(value))
            return f"{self.name(type(value))}({members})"  # Such as `EncodedBytes`.
        if callable(value):
            return self._write_callable(value)
        if constant := find_constant(self.module, value):
            return constant
        raise self._error(f"contains {value!r}. Make it a constant of the module")

    def _write_enum(self, value: enum.Enum) -> str:
        kind = self.name(type(value))
        # A combination of flags has no name of its own.
        is_member = value.name is not None and value.name in type(value).__members__
        return f"{kind}[{value.name!r}]" if is_member else f"{kind}({self._write(value.value)})"

    def _write_callable(self, value: Any) -> str:
        if reduced := write_reduced(value, self._write):
            self.imports |= {f"import {module}" for module in ("functools", "operator")
                             if reduced.startswith(f"{module}.")}  # fmt: skip
            return reduced
        owner = getattr(value, "__self__", None)
        if isinstance(value, types.MethodType):
            return self._write_method(value, owner)
        if isinstance(value, types.FunctionType):
            return self._write_function(value)
        if isinstance(value, types.BuiltinFunctionType) and not isinstance(owner, types.ModuleType):
            return f"{self._write(owner)}.{value.__name__}"  # Such as `dict.fromkeys`.
        if isinstance(value, types.MethodDescriptorType | types.WrapperDescriptorType):
            return f"{self.name(value.__objclass__)}.{value.__name__}"
        return self._write_named(value)

    def _write_method(self, method: types.MethodType, owner: object) -> str:
        holder = owner if isinstance(owner, type) else type(owner)
        name = find_attribute(holder, method) if isinstance(owner, type) else method.__name__
        if name is None:
            raise self._error(f"uses {method!r}, which its class does not have")
        return f"{self._write(owner)}.{name}"

    def _write_function(self, function: types.FunctionType) -> str:
        module, name = function.__module__, function.__qualname__
        if resolve(module, name) is function:
            outer, _, last = name.rpartition(".")
            holder = resolve(module, outer) if outer else None
            return f"{self.name(holder)}.{last}" if holder else self._name_in(module, name)
        if is_pydantic(module):
            return self._write_lifted(function)
        attribute = find_attribute(self._owner, function) if self._owner else None
        if attribute:
            return f"cls.{attribute}"
        if function.__name__ == "<lambda>" and (node := self._lambdas.find(function)):
            try:
                return write_lambda(node, function, self._write)
            except ValueError as error:
                raise self._error(f"has a lambda that {error}. Make it a function") from None
        return self._write_named(function)

    def _write_lifted(self, function: types.FunctionType) -> str:
        """Write one of pydantic's functions that is made within another."""
        code = function.__code__
        if function.__name__ == "<lambda>" and not code.co_freevars and not code.co_names:
            return f"({ast.unparse(find_nested(code))})"
        try:
            module, factory = self.shared.pydantic.lift(function)
        except BundleError as error:
            raise self._error(f"uses {function.__qualname__}: {error}") from error
        values = []
        for name, cell in zip(code.co_freevars, function.__closure__ or (), strict=True):
            if isinstance(cell.cell_contents, types.ModuleType):
                found = self._take_module(cell.cell_contents.__name__, name, code)
            else:
                found = self._write(cell.cell_contents)
            values.append(f"{name}={found}")
        return f"{self._import(module)}.{factory}({', '.join(values)})"

    def _take_module(self, module: str, bound: str, code: types.CodeType) -> str:
        """Take what a function uses of a module that it has as a local variable."""
        for attribute in find_attributes(find_nested(code), bound):
            path = self._take(module, attribute)
        return self._import(path)

    def _write_named(self, value: Any) -> str:
        for module in (self.module, getattr(value, "__module__", None) or ""):
            if constant := find_constant(module, value):
                return self._name_in(module, constant)
        raise self._error(f"uses {value!r}, which has no name. Define it at the top of a module")

    def _error(self, problem: str) -> BundleError:
        where = ".".join(self._where)
        return BundleError(f"{self.module}: {where} {problem}.\n{ADVICE}")


def _members(value: Any) -> list[tuple[str, object]]:
    return [(each.name, getattr(value, each.name)) for each in dataclasses.fields(value)]


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
