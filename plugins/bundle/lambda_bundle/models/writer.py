"""Writes values, functions and classes as expressions, the same in every build."""

import ast
import builtins
import contextlib
import dataclasses
import enum
import re
import sys
import types
from collections.abc import Iterator
from typing import Any

from lambda_bundle.models.callables import (
    find_attribute,
    find_in_module,
    is_importable,
    resolve,
    write_reduced,
)
from lambda_bundle.models.lambdas import write_lambda
from lambda_bundle.models.nested import find_outer, write_nested
from lambda_bundle.models.offered import find_stand_in
from lambda_bundle.models.shake import find_nested, is_pydantic
from lambda_bundle.models.shared import Shared
from lambda_bundle.models.source import find_attributes
from lambda_bundle.models.values import is_immutable, write_plain
from lambda_bundle.problems import BundleError

IMPORTED = "_imported"
IMPORT = f"from compiled_pydantic.completion import imported as {IMPORTED}"
HOMES = {"pydantic_core._pydantic_core": "pydantic_core", "pathlib._local": "pathlib"}


class ExpressionWriter:
    """Writes expressions for one module, and collects the imports that they need.

    Attributes:
        imports: import statements. Modules are imported by `_imported`, late and without a name
            in the module: it may have that name already, or import it in a circle.
        loaded: the names of these modules.
    """

    def __init__(self, module: types.ModuleType, shared: Shared) -> None:
        self.module = module.__name__
        self.shared = shared
        self.imports: set[str] = set()
        self.loaded: set[str] = set()
        self._names = vars(module)
        self._owner: type | None = None  # It is called `cls` in expressions.
        self._where: list[str] = []
        self._within: list[types.FunctionType] = []  # Functions that are being written.

    def write_value(self, where: str, value: object) -> str:
        """Return the source of a value. Errors name it `where`.

        Raises:
            BundleError: the value can be neither written nor named.
        """
        self._where, self._owner = [where], None
        return self._write(value)

    def name(self, target: Any) -> str:
        """Return the expression for a class or function, and add the import that it needs.

        Raises:
            BundleError: no name leads to it.
        """
        if target is self._owner:
            return "cls"
        module, name = HOMES.get(target.__module__, target.__module__), target.__qualname__
        if resolve(module, name) is not target and module == "builtins":
            module = "types"  # Such as `types.NoneType`, which calls itself a builtin.
        metadata = getattr(target, "__pydantic_generic_metadata__", None) or {}
        if metadata.get("args"):
            return self._write_concrete(target)
        if resolve(module, name) is target:
            return self._name_in(module, name)
        return self._name_constant(target)

    def _name_constant(self, value: Any) -> str:
        """Return the expression for a value that is a constant of some module."""
        for module in (self.module, str(getattr(value, "__module__", None))):
            if name := find_in_module(module, value):
                return self._name_in(module, name)
        if found := self.shared.find_constant(value):
            return self._name_in(*found)
        raise self._error(f"uses {value!r}, which has no name. Define it at the top of a module")

    def _name_in(self, module: str, name: str) -> str:
        first = name.partition(".")[0]
        if module == self.module:
            if first == "cls":
                raise self._error("uses a global variable cls. Give it another name")
            return name
        if module == "builtins" and self._names.get(first, resolve(module, first)) is resolve(
            module, first
        ):
            return name
        if is_pydantic(module) and (stand_in := find_stand_in(first)):
            module = stand_in
        elif is_pydantic(module):
            module = self._take(module, first)
        elif not is_importable(module, name, resolve(module, name)):
            raise self._error(f"uses {module}.{name}, which cannot be imported")
        return f"{self._import(module)}.{name}"

    def _import(self, module: str) -> str:
        """Return the expression for a module, which is imported when it is first needed."""
        if IMPORTED in self._names:
            raise self._error(f"needs the name {IMPORTED}. Rename that of the module")
        self.imports.add(IMPORT)
        self.loaded.add(module)
        return f"{IMPORTED}({module!r})"

    def _take(self, module: str, name: str) -> str:
        try:
            return self.shared.pydantic.take(module, name)
        except BundleError as error:
            raise self._error(f"uses {module}.{name}: {error}") from error

    def _write_concrete(self, target: type) -> str:
        if self.shared.write_concrete is None:
            raise self._error(f"uses the generic model {target.__name__}. Use a plain model")
        return self.shared.write_concrete(self, target)

    @contextlib.contextmanager
    def _at(self, name: str) -> Iterator[None]:
        """Name a part of a model in errors."""
        self._where.append(name)
        yield
        self._where.pop()

    def _error(self, problem: str) -> BundleError:
        where = ".".join(self._where)
        told = re.sub(" at 0x[0-9a-f]+", "", problem)  # It differs from build to build.
        return BundleError(f"{self.module}: {where} {told}.")

    def _write(self, value: Any) -> str:  # noqa: PLR0911 (one for each kind)
        if not is_immutable(value) and (constant := self._find_shared(value)):
            return constant
        plain = write_plain(value, self._write, self._import)
        if plain is not None:
            return plain
        if isinstance(value, enum.Enum):
            return self._write_enum(value)
        if isinstance(value, type) and not isinstance(value, types.GenericAlias):
            return self.name(value)
        if isinstance(value, types.GenericAlias):
            arguments = ", ".join(map(self._write, value.__args__))
            return f"{self._write(value.__origin__)}[{arguments}]"
        if isinstance(value, tuple) and hasattr(value, "_fields"):
            return f"{self.name(type(value))}({', '.join(map(self._write, value))})"
        if is_pydantic(type(value).__module__) and dataclasses.is_dataclass(value):
            return self._write_dataclass(value)
        return self._write_callable(value) if callable(value) else self._name_constant(value)

    def _find_shared(self, value: Any) -> str | None:
        """Return the name of a constant which the service may change later."""
        if isinstance(value, type) or callable(value):
            return None
        if name := find_in_module(self.module, value):
            return self._name_in(self.module, name)
        found = self.shared.find_constant(value)
        return self._name_in(*found) if found else None

    def _write_dataclass(self, value: Any) -> str:
        """Write one of pydantic's own instances, such as `EncodedBytes`."""
        names = [each.name for each in dataclasses.fields(value)]
        members = ", ".join(f"{name}={self._write(getattr(value, name))}" for name in names)
        return f"{self.name(type(value))}({members})"

    def _write_enum(self, value: enum.Enum) -> str:
        kind = self.name(type(value))
        # A combination of flags has no name of its own.
        is_member = value.name is not None and value.name in type(value).__members__
        return f"{kind}[{value.name!r}]" if is_member else f"{kind}({self._write(value.value)})"

    def _write_callable(self, value: Any) -> str:  # noqa: PLR0911 (one for each kind)
        if reduced := write_reduced(value, self._write, self._import):
            return reduced
        if isinstance(value, types.MethodType):
            return self._write_method(value)
        if isinstance(value, types.FunctionType):
            return self._write_function(value)
        owner = getattr(value, "__self__", None)
        if isinstance(value, types.BuiltinFunctionType) and not isinstance(owner, types.ModuleType):
            return f"{self._write(owner)}.{value.__name__}"  # Such as `dict.fromkeys`.
        if isinstance(value, types.MethodDescriptorType | types.WrapperDescriptorType):
            return f"{self.name(value.__objclass__)}.{value.__name__}"
        if isinstance(value, types.BuiltinFunctionType):
            return self.name(value)
        return self._name_constant(value)

    def _write_method(self, method: types.MethodType) -> str:
        owner: Any = method.__self__
        name = find_attribute(owner, method) if isinstance(owner, type) else method.__name__
        if name is None or getattr(owner, name, None) != method:
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
        if function.__name__ == "<lambda>" and (node := self.shared.lambdas.find(function)):
            return self._write_lambda(node, function)
        maker = None if self.shared.is_constant(self.module, function) else find_outer(function)
        return self._write_nested(maker, function) if maker else self._name_constant(function)

    def _write_nested(self, maker: Any, function: types.FunctionType) -> str:
        if function in self._within:
            raise self._error(f"uses {function.__qualname__}, which uses itself")
        self._within.append(function)
        make_again = f"{self._import('compiled_pydantic.nested')}.make_again"
        try:
            return write_nested(function, self._write_held, self._write(maker), make_again)
        except ValueError as error:
            raise self._error(
                f"uses {function.__qualname__}, which {error}. Define it at the top of a module"
            ) from None
        finally:
            self._within.remove(function)

    def _write_lambda(self, node: ast.Lambda, function: types.FunctionType) -> str:
        def name(used: str) -> str:
            return self._name_global(function.__module__, used)

        try:
            return write_lambda(node, function, self._write_held, name)
        except ValueError as error:
            raise self._error(f"has a lambda that {error}. Make it a function") from None

    def _name_global(self, module: str, name: str) -> str:
        """Return the expression for what a name means in the code of a module."""
        if name == "cls":
            raise ValueError("uses a global variable cls")
        if module == self.module:
            return name
        values = vars(sys.modules[module])
        if name not in values:
            return self._name_in("builtins", name) if hasattr(builtins, name) else name
        value = values[name]
        if isinstance(value, types.ModuleType):
            return self._import(value.__name__)
        # The compiled module may not have what it only imported.
        is_own = getattr(value, "__module__", module) == module
        return self._name_in(module, name) if is_own else self._write(value)

    def _write_held(self, value: Any) -> str:
        """Write a value that a function holds, unless a copy of it would be another one."""
        text = self._write(value)
        if not is_immutable(value) and isinstance(ast.parse(text, mode="eval").body, CONTAINERS):
            raise ValueError(f"holds {value!r}, which may change")
        return text

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


CONTAINERS = (ast.Dict, ast.List, ast.Set, ast.Call, ast.Tuple)
