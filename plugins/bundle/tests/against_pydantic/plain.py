"""Writes what an operation gave as plain data, alike with pydantic and without it.

Runs in both processes, so it imports nothing of pydantic's.
"""

import re
import types
import warnings
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from typing import Any

ADDRESS = re.compile(r"0x[0-9a-f]{6,}")
# Where a class that stands in for pydantic's comes from is no difference.
MODULE_OF_PYDANTIC = re.compile(
    r"\b(?:compiled_pydantic(?:\._pydantic)?|pydantic_settings|pydantic)(?:\.[a-z_0-9]+)*\.(?=[A-Z_])"
)
DEEPEST = 12


def outcome(action: Callable[[], Any]) -> Any:
    """Return what an action returned or raised, and the warnings it gave."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            result = ["returned", plain(action())]
        except Exception as error:
            result = ["raised", plain_error(error)]
    return [*result, [[type(each.message).__name__, text(each.message)] for each in caught]]


def plain(value: Any, depth: int = 0) -> Any:
    """Return a value as lists, strings and None, with the names of its types."""
    kind = type(value).__name__
    if value is None or (isinstance(value, bool | int | str) and kind in ("bool", "int", "str")):
        return value
    if depth > DEEPEST:
        return [kind, "..."]
    if isinstance(value, BaseException):
        return plain_error(value)
    if isinstance(value, type):
        return ["class", text(value)]
    return [kind, *_parts(value, lambda each: plain(each, depth + 1))]


def _parts(value: Any, deeper: Callable[[Any], Any]) -> list[Any]:
    if is_model(value):
        names = ("__dict__", "__pydantic_extra__", "__pydantic_private__")
        parts = [deeper(getattr(value, name, None)) for name in names]
        return [*parts, sorted(value.__pydantic_fields_set__)]
    match value:
        case Mapping():
            return [[[deeper(key), deeper(each)] for key, each in value.items()]]
        case list() | tuple():
            return [[deeper(each) for each in value]]
        case AbstractSet():
            return [sorted((deeper(each) for each in value), key=repr)]
        case types.GeneratorType():
            return []
    return [text(repr(value))]


def is_model(value: Any) -> bool:
    """Whether a value is an instance of a model, or of what stands in for it."""
    try:
        return hasattr(type(value), "__pydantic_validator__") and hasattr(
            value, "__pydantic_fields_set__"
        )
    except Exception:
        return False


def plain_error(error: Any) -> Any:
    """Return the type and texts of an exception, and all that a `ValidationError` tells."""
    kind = type(error).__name__
    if not (kind == "ValidationError" and hasattr(error, "errors")):
        return [kind, text(error)]
    return [
        kind,
        error.title,
        error.error_count(),
        [plain(each) for each in error.errors()],
        text(error),
        plain(_json_of(error)),
    ]


def _json_of(error: Any) -> Any:
    try:
        return text(error.json())
    except Exception as problem:
        return [type(problem).__name__, text(problem)]


def text(value: object) -> str:
    """Return the text of a value without addresses, and without the modules of pydantic."""
    return MODULE_OF_PYDANTIC.sub("", ADDRESS.sub("0x", str(value)))
