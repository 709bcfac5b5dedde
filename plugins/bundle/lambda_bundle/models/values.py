"""Writes values as Python source: the same text in every build."""

import collections
import datetime as dt
import decimal
import enum
import fractions
import ipaddress
import math
import pathlib
import re
import types
import uuid
import zoneinfo
from collections.abc import Callable
from typing import Any

from pydantic_core import PydanticUndefined

PLAIN = (bool, int, str, bytes, type(None))
# Their `repr` is an expression, which names the class without its module.
BY_REPR = (
    *(dt.date, dt.datetime, dt.time, dt.timedelta, dt.timezone),
    *(decimal.Decimal, fractions.Fraction, uuid.UUID),
    *(ipaddress.IPv4Address, ipaddress.IPv4Interface, ipaddress.IPv4Network),
    *(ipaddress.IPv6Address, ipaddress.IPv6Interface, ipaddress.IPv6Network),
)
PATHS = (pathlib.PosixPath, pathlib.PurePosixPath, pathlib.PureWindowsPath, pathlib.WindowsPath)
IMMUTABLE = (*PLAIN, float, complex, *BY_REPR, *PATHS, zoneinfo.ZoneInfo, re.Pattern, range)
Write = Callable[[Any], str]


def is_immutable(value: object) -> bool:
    """Whether a value is plain data that nobody can change after it was written down."""
    if isinstance(value, enum.Enum) or value is PydanticUndefined or value is Ellipsis:
        return True
    if type(value) in (tuple, frozenset):
        return all(map(is_immutable, value))  # type: ignore[call-overload]
    if type(value) in (dt.datetime, dt.time):
        return isinstance(value.tzinfo, dt.timezone | zoneinfo.ZoneInfo | None)  # type: ignore[attr-defined]
    return type(value) in IMMUTABLE


def write_plain(  # noqa: PLR0911 (one for each kind)
    value: Any, write: Write, imports: set[str]
) -> str | None:
    """Return the source of a value that has no name, or None for one of another type.

    `write` writes the values in it. `imports` gets the statements that the text needs.
    """
    if value is Ellipsis:
        return "..."
    if value is PydanticUndefined:
        imports.add("import pydantic_core")
        return "pydantic_core.PydanticUndefined"
    if type(value) in PLAIN:
        return repr(value)
    if type(value) is float:
        return repr(value) if math.isfinite(value) else f"float({str(value)!r})"
    if type(value) is complex:
        return f"complex({write(value.real)}, {write(value.imag)})"
    if type(value) in (range, bytearray):
        return repr(value)
    return _write_collection(value, write, imports) or _write_standard(value, write, imports)


def _write_collection(  # noqa: PLR0911 (one for each kind)
    value: Any, write: Write, imports: set[str]
) -> str | None:
    kind = type(value)
    if kind in (dict, types.MappingProxyType):
        members = ", ".join(f"{write(key)}: {write(each)}" for key, each in value.items())
        if kind is dict:
            return f"{{{members}}}"
        imports.add("import types")
        return f"types.MappingProxyType({{{members}}})"
    if kind is list:
        return f"[{', '.join(map(write, value))}]"
    if kind is tuple:
        return f"({''.join(f'{write(each)}, ' for each in value)})"
    if kind in (set, frozenset):
        return f"{kind.__name__}([{', '.join(sorted(map(write, value)))}])"
    if kind in (collections.OrderedDict, collections.Counter):
        imports.add("import collections")
        return f"collections.{kind.__name__}({write(dict(value))})"
    if kind is collections.defaultdict:
        imports.add("import collections")
        return f"collections.defaultdict({write(value.default_factory)}, {write(dict(value))})"
    if kind is collections.deque:
        imports.add("import collections")
        return f"collections.deque({write(list(value))}, {value.maxlen})"
    return None


def _write_standard(value: Any, write: Write, imports: set[str]) -> str | None:
    if isinstance(value, re.Pattern):
        imports.add("import re")
        return f"re.compile({value.pattern!r}, {value.flags})"
    if type(value) is zoneinfo.ZoneInfo and value.key:
        imports.add("import zoneinfo")
        return f"zoneinfo.ZoneInfo({value.key!r})"
    if type(value) in PATHS:
        imports.add("import pathlib")
        return f"pathlib.{type(value).__name__}({str(value)!r})"
    if type(value) in (dt.datetime, dt.time) and value.tzinfo is not None:
        name = write(value.replace(tzinfo=None))
        fold = f", fold={value.fold}" if value.fold else ""
        return f"{name}.replace(tzinfo={write(value.tzinfo)}{fold})"
    if type(value) in BY_REPR:
        module = type(value).__module__
        imports.add(f"import {module}")
        text = repr(value)
        return text if text.startswith(f"{module}.") else f"{module}.{text}"
    return None
