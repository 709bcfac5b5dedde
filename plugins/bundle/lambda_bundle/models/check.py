"""Imports compiled modules without pydantic, and builds every validator and serializer.

Arguments: the folder with the files, and the names of modules. It prints the names of the stand-ins
that importing them has loaded. It ends with status 1 and a message if something fails.
"""

import functools
import gc
import importlib
import os
import sys
import traceback
from collections.abc import Callable
from typing import Any, NoReturn

from lambda_bundle.lambda_image import add_modules_of_image
from lambda_bundle.models.names import STAND_INS

BUILT = ("validator", "serializer")


def check(names: list[str]) -> None:
    """Import the modules, and build what is otherwise built on first use.

    Each module is imported first once, in a process of its own: which one is imported first makes
    a difference where modules import each other.
    """
    for name in names:
        if child := os.fork():
            _, status = os.waitpid(child, 0)
            if status:
                sys.exit(1)  # The child has told the error.
        else:
            _run(functools.partial(importlib.import_module, name))
    for name in names:
        importlib.import_module(name)
    print(*(name for name in sys.modules if name.partition(".")[0] == STAND_INS))
    _check_finished(importlib.import_module(f"{STAND_INS}.model").BaseModel)
    for each in _find_completed():
        for attribute in BUILT:
            getattr(each, f"__pydantic_{attribute}__" if isinstance(each, type) else attribute)


def _run(action: Callable[[], object]) -> NoReturn:
    """Run an action in a process that ends without the exit handlers of its parent."""
    try:
        action()
    except BaseException:  # noqa: BLE001 (the parent tells it)
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(1)
    os._exit(0)


def _check_finished(model: type[Any]) -> None:
    """Check that the compiler has seen every model."""
    for each in model.__subclasses__():
        is_stand_in = each.__module__.partition(".")[0] == STAND_INS
        if not is_stand_in and not vars(each).get("__pydantic_complete__"):
            sys.exit(f"{each.__module__}.{each.__qualname__} was not found")
        _check_finished(each)


def _find_completed() -> list[Any]:
    """Return the classes and adapters that the modules have completed."""
    return [
        each
        for each in gc.get_objects()
        if (isinstance(each, type) and vars(each).get("__pydantic_complete__"))
        or type(each).__module__ == f"{STAND_INS}.type_adapter"
    ]


def main() -> None:
    """Check the modules that the arguments name."""
    sys.path.insert(0, sys.argv[1])
    for name in ("pydantic", "pydantic_settings"):
        sys.modules[name] = None  # type: ignore[assignment]
    importlib.import_module("pydantic_core")
    add_modules_of_image()
    check(sys.argv[2:])


if __name__ == "__main__":
    main()
