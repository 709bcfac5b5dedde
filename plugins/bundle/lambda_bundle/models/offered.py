"""The names of pydantic's that compiled modules can import."""

import ast
import importlib

from lambda_bundle.bytecode import RUNTIME
from lambda_bundle.models.names import STAND_INS
from lambda_bundle.models.shared import Shared
from lambda_bundle.problems import BundleError


class Offered:
    """Decides by the stand-ins' own table; other names are taken from pydantic's source."""

    def __init__(self, shared: Shared) -> None:
        self._shared = shared
        self._own = _read_table()

    def find(self, module: str, name: str) -> str | None:
        """Return the module that has a name of one of pydantic's modules, or None if none does."""
        if name in self._own:
            return f"{STAND_INS}.{self._own[name]}"
        target = getattr(importlib.import_module(module), name, None)
        source = getattr(target, "__module__", None) or module
        if not source.startswith("pydantic."):
            return None
        try:
            return self._shared.pydantic.take(source, name)
        except BundleError:
            return None


def _read_table() -> dict[str, str]:
    """Return `OFFERED` of the stand-ins: the submodule that has a name, by name."""
    tree = ast.parse((RUNTIME / STAND_INS / "__init__.py").read_text(encoding="utf-8"))
    for statement in tree.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id="OFFERED")], value=value):
                return dict(ast.literal_eval(value))
    raise AssertionError
