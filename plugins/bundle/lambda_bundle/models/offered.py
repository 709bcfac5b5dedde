"""The names of pydantic's that compiled modules can import."""

import ast
import functools
import importlib
from typing import Any

from pydantic_core import _pydantic_core

from lambda_bundle.bytecode import RUNTIME
from lambda_bundle.models.names import STAND_INS
from lambda_bundle.models.shared import Shared
from lambda_bundle.problems import BundleError

# What runtime/pydantic_core.py has.
CORE_NAMES = {*dir(_pydantic_core), "MISSING", "ErrorDetails", "InitErrorDetails"}


class Offered:
    """Decides by the stand-ins' own table; other names are taken from pydantic's source."""

    def __init__(self, shared: Shared) -> None:
        self._shared = shared
        self._own = read_offered()

    def find(self, module: str, name: str) -> str | None:
        """Return the module that has a name of one of pydantic's modules, or None if none does."""
        if module.startswith("pydantic_core"):
            return self._find_in_core(module, name)
        if module.startswith("pydantic.v1"):
            return None
        return f"{STAND_INS}.{self._own[name]}" if name in self._own else self._take(module, name)

    def _find_in_core(self, module: str, name: str) -> str | None:
        if module == "pydantic_core" and name in CORE_NAMES:
            return module
        # Such as SerializationInfo of pydantic_core.core_schema.
        return f"{STAND_INS}.annotations" if self._own.get(name) == "annotations" else None

    def _take(self, module: str, name: str) -> str | None:
        target = getattr(importlib.import_module(module), name, None)
        source = getattr(target, "__module__", None) or module
        if not source.startswith("pydantic."):
            return None
        try:
            taken = self._shared.pydantic.take(source, name)
        except BundleError:
            return None
        return None if taken == STAND_INS else taken  # The table has those of the stand-ins.


def find_stand_in(name: str) -> str | None:
    """Return the module of a stand-in that does what pydantic's own does, or None."""
    submodule = read_offered().get(name, "annotations")
    return None if submodule == "annotations" else f"{STAND_INS}.{submodule}"


@functools.cache
def read_offered() -> dict[str, str]:
    """Return the submodule of the stand-ins that has a name, by name."""
    annotations = dict.fromkeys(_read_constant("annotations", "ANNOTATIONS"), "annotations")
    return {**annotations, **dict(_read_constant("__init__", "OFFERED"))}


def _read_constant(module: str, name: str) -> Any:
    tree = ast.parse((RUNTIME / STAND_INS / f"{module}.py").read_text(encoding="utf-8"))
    (value,) = (
        statement.value
        for statement in tree.body
        if isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == name
    )
    return ast.literal_eval(value)
