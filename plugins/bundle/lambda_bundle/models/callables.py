"""Finds the names that lead to functions, methods and classes."""

import functools
import importlib
import operator
import sys
import types
from collections.abc import Callable
from typing import Any


def resolve(module: str, name: str) -> object:
    """Return what a dotted name means in an imported module, or None if it is not there."""
    found: object = sys.modules.get(module)
    for part in name.split("."):
        if part == "<locals>":
            return None
        found = getattr(found, part, None)
    return found


def find_in_module(module: str, value: object) -> str | None:
    """Return the name that a module gives to a value itself, not to one equal to it."""
    named = vars(sys.modules[module]) if module in sys.modules else {}
    found = (name for name, each in named.items() if each is value and name.isidentifier())
    return next(found, None)


def find_attribute(owner: type, value: object) -> str | None:
    """Return the name by which a class has a method, under whatever name that was defined."""
    first = getattr(value, "__name__", "")
    if hasattr(owner, first) and _has(owner, first, value):
        return first
    # Reading all attributes of pydantic's own classes would warn of deprecated ones.
    own = [base for base in owner.__mro__ if base.__module__.partition(".")[0] != "pydantic"]
    names = [name for base in own for name in vars(base)]
    return next((name for name in names if _has(owner, name, value)), None)


def _has(owner: type, name: str, value: object) -> bool:
    found = getattr(owner, name, None)
    if found is value:
        return True
    # Each reading makes a new bound method.
    is_method = isinstance(value, types.MethodType) and isinstance(found, types.MethodType)
    return is_method and found == value


def write_reduced(
    value: Any, write: Callable[[Any], str], module: Callable[[str], str]
) -> str | None:
    """Return the source of a `functools.partial`, or of a getter of the module `operator`."""
    if type(value) is functools.partial:
        parts = [write(value.func), *map(write, value.args)]
        parts += [f"{name}={write(each)}" for name, each in value.keywords.items()]
        return f"{module('functools')}.partial({', '.join(parts)})"
    if type(value) in (operator.attrgetter, operator.itemgetter):
        _, arguments = value.__reduce__()
        name = type(value).__name__
        return f"{module('operator')}.{name}({', '.join(map(write, arguments))})"
    return None


def is_importable(module: str, name: str, value: object) -> bool:
    """Whether importing a module gives the value itself under its name."""
    try:
        importlib.import_module(module)
    except Exception:  # noqa: BLE001 (a module may raise anything; the value is then not named)
        return False
    return resolve(module, name) is value
