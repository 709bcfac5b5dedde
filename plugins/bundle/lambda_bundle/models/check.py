"""Imports compiled modules without pydantic, and builds every validator and serializer.

Arguments: the folder with the files, and the names of modules. It ends with status 1 and a message
if something fails.
"""

import gc
import importlib
import sys
from typing import Any

BUILT = ("__pydantic_validator__", "__pydantic_serializer__")


def check(names: list[str]) -> None:
    """Import the modules, and build what is otherwise built on first use."""
    for name in names:
        importlib.import_module(name)
    for each in _find_completed():
        for attribute in BUILT:
            getattr(each, attribute)


def _find_completed() -> list[Any]:
    """Return the classes and adapters that the modules have completed."""
    return [
        each
        for each in gc.get_objects()
        if (isinstance(each, type) and vars(each).get("__pydantic_complete__"))
        or type(each).__module__ == "compiled_pydantic.type_adapter"
    ]


def main() -> None:
    """Check the modules that the arguments name."""
    sys.path.insert(0, sys.argv[1])
    for name in ("pydantic", "pydantic_settings"):
        sys.modules[name] = None  # type: ignore[assignment]
    check(sys.argv[2:])


if __name__ == "__main__":
    main()
