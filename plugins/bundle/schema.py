"""A model's core schema as Python source, the same from build to build."""

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

from plugins.bundle.problems import BundleError

# What describes a schema to people and to JSON Schema, not to the validator; and what is so anyway.
NEEDLESS = {"metadata"}
NEEDLESS_VALUES: list[tuple[str, object]] = [
    ("computed_fields", []),
    ("custom_init", False),
    ("root_model", False),
]
PLAIN = (bool, int, str, bytes, type(None))
IN_STANDARD_LIBRARY = (
    dt.date,
    dt.time,
    dt.timedelta,
    dt.timezone,
    decimal.Decimal,
    uuid.UUID,
)


class SchemaWriter:
    """Writes the schemas of a module's models, and collects the imports that the source needs."""

    def __init__(self, module: str) -> None:
        self.module = module
        self.imports: set[str] = set()
        self._refs: dict[str, str] = {}
        self._where: list[str] = []

    def write(self, model: type[BaseModel]) -> str:
        """Return the source of the model's schema.

        Raises:
            BundleError: the schema holds what has no source, such as a validator in Python.
        """
        self._where = [model.__name__]
        self._refs = {}
        return self._write(model.__pydantic_core_schema__)

    def name(self, thing: type | Callable[..., object]) -> str:
        """Return how the source refers to a class or a function that has a name of its own."""
        module, name = thing.__module__, thing.__qualname__
        if module == "builtins":
            return name
        if module == self.module:
            if "." not in name:
                return name
        elif self._is_importable(thing):
            self.imports.add(f"import {module}")
            return f"{module}.{name}"
        raise self._error(f"uses {module}.{name}")

    def _is_importable(self, thing: type | Callable[..., object]) -> bool:
        module, name = thing.__module__, thing.__qualname__
        if module.partition(".")[0] in {"pydantic", "pydantic_core"} or "." in name:
            return False
        return getattr(importlib.import_module(module), name, None) is thing

    def _write(self, value: Any) -> str:  # noqa: C901, PLR0911
        if isinstance(value, enum.Enum):
            return f"{self.name(type(value))}[{value.name!r}]"
        if isinstance(value, dict):
            return self._write_dict(value)
        if isinstance(value, list):
            return f"[{', '.join(map(self._write, value))}]"
        if isinstance(value, tuple):
            return f"({''.join(f'{self._write(each)}, ' for each in value)})"
        if isinstance(value, set | frozenset):
            inside = ", ".join(sorted(map(self._write, value)))
            return f"{type(value).__name__}([{inside}])"
        if isinstance(value, re.Pattern):
            self.imports.add("import re")
            return f"re.compile({value.pattern!r}, {value.flags})"
        if isinstance(value, float):
            return repr(value) if math.isfinite(value) else f"float({str(value)!r})"
        if type(value) in PLAIN:
            return repr(value)
        if isinstance(value, IN_STANDARD_LIBRARY):
            return self._write_standard(value)
        if callable(value):
            return self._write_callable(value)
        raise self._error(f"holds {value!r}")

    def _write_dict(self, value: dict[Any, Any]) -> str:
        members = []
        for key, inner in value.items():
            if key in NEEDLESS or (key, inner) in NEEDLESS_VALUES:
                continue
            if key in ("ref", "schema_ref") and isinstance(inner, str):
                # A ref of pydantic's ends in an address, another one in each process.
                name = self._refs.setdefault(inner, f"{inner.rpartition(':')[0]}:{len(self._refs)}")
                members.append(f"{key!r}: {name!r}")
                continue
            field = isinstance(inner, dict) and inner.get("type") == "model-field"
            if field:
                self._where.append(str(key))
            members.append(f"{self._write(key)}: {self._write(inner)}")
            if field:
                self._where.pop()
        return f"{{{', '.join(members)}}}"

    def _write_standard(self, value: object) -> str:
        module = type(value).__module__
        self.imports.add(f"import {module}")
        text = repr(value)
        return text if text.startswith(f"{module}.") else f"{module}.{text}"

    def _write_callable(self, value: Callable[..., object]) -> str:
        name = getattr(value, "__qualname__", None)
        if name is None or (not isinstance(value, type) and "." in name):
            raise self._error(f"uses {value!r}, Python code without a name of its own")
        top = value.__module__.partition(".")[0]
        if not isinstance(value, type) and value.__module__ == self.module:
            raise self._error(f"uses the function {name} of the same module")
        if top not in sys.stdlib_module_names and not isinstance(value, type):
            raise self._error(f"uses {value.__module__}.{name}, a validator in Python")
        return self.name(value)

    def _error(self, problem: str) -> BundleError:
        where = ".".join(self._where)
        return BundleError(
            f"{self.module}: {where} {problem}, so it cannot be compiled.\n"
            "Say it with plain types and constraints, or ship pydantic for the functions that use "
            "it: `bundle: {pydantic: true}` in serverless.yml."
        )
