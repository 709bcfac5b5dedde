"""Writes core schemas, and the values in them, as Python source: the same in every build."""

import datetime as dt
import decimal
import enum
import importlib
import math
import re
import sys
import uuid
from collections.abc import Callable
from typing import Any

from pydantic import BaseModel

from lambda_bundle.problems import ADVICE, BundleError

UNUSED = {"metadata"}  # The validator does not read it.
# The validator's defaults.
DEFAULTS: list[tuple[str, object]] = [
    ("computed_fields", []),
    ("custom_init", False),
    ("root_model", False),
]
NAMED_SCHEMAS = {"choices", "fields"}  # Their keys are names from the model, their values schemas.
VALUES = {"default", "expected", "members"}  # Values from the model, not schemas.
PLAIN = (bool, int, str, bytes, type(None))
IN_STANDARD_LIBRARY = (dt.date, dt.time, dt.timedelta, decimal.Decimal, uuid.UUID)


class SchemaWriter:
    """Writes the schemas and values of a module, and collects the imports that the source needs."""

    def __init__(self, module: str) -> None:
        self.module = module
        self.imports: set[str] = set()
        self._refs: dict[str, str] = {}
        self._where: list[str] = []

    def write_model(self, model: type[BaseModel]) -> str:
        """Return the source of the model's core schema.

        Raises:
            BundleError: the schema has something that is not plain data, such as a validator.
        """
        self._where = [model.__name__]
        self._refs = {}
        return self._write_schema(dict(model.__pydantic_core_schema__))

    def write_value(self, name: str, value: object) -> str:
        """Return the source of a value. Errors name it `name`.

        Raises:
            BundleError: the value is not plain data.
        """
        self._where = [name]
        return self._write(value)

    def name(self, target: type | Callable[..., object]) -> str:
        """Return the expression for a class or function, and add the import that it needs."""
        module, name = target.__module__, target.__qualname__
        if module == "builtins":
            return name
        if module == self.module:
            if "." not in name:
                return name
        elif self._is_importable(target):
            self.imports.add(f"import {module}")
            return f"{module}.{name}"
        raise self._error(f"uses {module}.{name}")

    def _is_importable(self, target: type | Callable[..., object]) -> bool:
        module, name = target.__module__, target.__qualname__
        if module.partition(".")[0] in {"pydantic", "pydantic_core"} or "." in name:
            return False
        return getattr(importlib.import_module(module), name, None) is target

    def _write_schema(self, schema: dict[str, Any]) -> str:
        members = []
        for key, inner in schema.items():
            if key in UNUSED or (key, inner) in DEFAULTS:
                continue
            if key in ("ref", "schema_ref"):
                # Pydantic's refs end in an address, which differs from process to process.
                name = self._refs.setdefault(inner, f"{inner.rpartition(':')[0]}:{len(self._refs)}")
                members.append(f"{key!r}: {name!r}")
            elif key in NAMED_SCHEMAS and isinstance(inner, dict):
                members.append(f"{key!r}: {self._write_named_schemas(inner)}")
            else:
                members.append(f"{key!r}: {self._write_member(key, inner)}")
        return f"{{{', '.join(members)}}}"

    def _write_named_schemas(self, schemas: dict[Any, Any]) -> str:
        written = []
        for name, schema in schemas.items():
            self._where.append(str(name))
            written.append(f"{self._write(name)}: {self._write_schema(schema)}")
            self._where.pop()
        return f"{{{', '.join(written)}}}"

    def _write_member(self, key: str, value: Any) -> str:
        if key in VALUES:
            return self._write(value)
        if isinstance(value, dict) and "type" in value:
            return self._write_schema(value)
        if isinstance(value, list):
            return f"[{', '.join(self._write_member(key, each) for each in value)}]"
        return self._write(value)

    def _write(self, value: Any) -> str:  # noqa: C901, PLR0911
        if isinstance(value, enum.Enum):
            if value.name is None or value.name not in type(value).__members__:
                raise self._error(f"contains {value!r}")
            return f"{self.name(type(value))}[{value.name!r}]"
        if type(value) is dict:
            members = [f"{self._write(key)}: {self._write(each)}" for key, each in value.items()]
            return f"{{{', '.join(members)}}}"
        if type(value) is list:
            return f"[{', '.join(map(self._write, value))}]"
        if type(value) is tuple:
            return f"({''.join(f'{self._write(each)}, ' for each in value)})"
        if type(value) in (set, frozenset):
            inside = sorted(map(self._write, value))
            return f"{type(value).__name__}([{', '.join(inside)}])"
        if isinstance(value, re.Pattern):
            self.imports.add("import re")
            return f"re.compile({value.pattern!r}, {value.flags})"
        if type(value) is float:
            return repr(value) if math.isfinite(value) else f"float({str(value)!r})"
        if type(value) in PLAIN:
            return repr(value)
        if type(value) in (*IN_STANDARD_LIBRARY, dt.datetime):
            return self._write_standard(value)
        if callable(value):
            return self._write_callable(value)
        raise self._error(f"contains {value!r}")

    def _write_standard(self, value: Any) -> str:
        zone = getattr(value, "tzinfo", None)
        if zone is not None and not isinstance(zone, dt.timezone):
            raise self._error(f"contains {value!r}")
        module = type(value).__module__
        self.imports.add(f"import {module}")
        text = repr(value)
        return text if text.startswith(f"{module}.") else f"{module}.{text}"

    def _write_callable(self, value: Callable[..., object]) -> str:
        if isinstance(value, type):
            return self.name(value)
        name = getattr(value, "__qualname__", None)
        if name is None or "." in name:
            raise self._error(f"uses {value!r}, which cannot be imported by a name")
        if value.__module__ == self.module:
            raise self._error(f"uses the function {name} of the same module")
        if value.__module__.partition(".")[0] not in sys.stdlib_module_names:
            raise self._error(f"uses {value.__module__}.{name}, which is Python code")
        return self.name(value)

    def _error(self, problem: str) -> BundleError:
        where = ".".join(self._where)
        return BundleError(
            f"{self.module}: {where} {problem}, so it cannot be compiled.\n"
            f"Use plain types and constraints. {ADVICE}"
        )
