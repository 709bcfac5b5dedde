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

import pydantic_core

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
Import = Callable[[str], str]


def is_immutable(value: object) -> bool:
    """Whether a value is plain data that nobody can change after it was written down."""
    if (
        isinstance(value, enum.Enum)
        or value is pydantic_core.PydanticUndefined
        or value is Ellipsis
    ):
        return True
    if type(value) in (tuple, frozenset):
        return all(map(is_immutable, value))  # type: ignore[call-overload]
    if type(value) in (dt.datetime, dt.time):
        return isinstance(value.tzinfo, dt.timezone | zoneinfo.ZoneInfo | None)  # type: ignore[attr-defined]
    return type(value) in IMMUTABLE


def write_plain(value: Any, write: Write, module: Import) -> str | None:
    """Return the source of a value that has no name, or None for one of another type.

    `write` writes the values in it, and `module` returns the name of an imported module.
    """
    if type(value) in PLAIN or value is Ellipsis:
        return "..." if value is Ellipsis else repr(value)
    for name in ("MISSING", "PydanticUndefined"):
        if value is getattr(pydantic_core, name, None):
            return f"{module('pydantic_core')}.{name}"
    return (
        _write_number(value, write)
        or _write_collection(value, write, module)
        or _write_standard(value, write, module)
    )


def _write_number(value: Any, write: Write) -> str | None:
    kind = type(value)
    if kind is float:
        return repr(value) if math.isfinite(value) else f"{write(float)}({str(value)!r})"
    if kind is complex:
        return f"{write(complex)}({write(value.real)}, {write(value.imag)})"
    if kind is range:
        return f"{write(range)}({value.start}, {value.stop}, {value.step})"
    return None


def _write_collection(value: Any, write: Write, module: Import) -> str | None:
    kind = type(value)
    if kind is dict:
        return f"{{{', '.join(f'{write(key)}: {write(each)}' for key, each in value.items())}}}"
    if kind is list:
        return f"[{', '.join(map(write, value))}]"
    if kind is tuple:
        return f"({''.join(f'{write(each)}, ' for each in value)})"
    if kind in (set, frozenset):
        return f"{write(kind)}([{', '.join(sorted(map(write, value)))}])"
    makers: dict[type, Callable[[], list[Any]]] = {
        types.MappingProxyType: lambda: [dict(value)],
        collections.OrderedDict: lambda: [dict(value)],
        collections.Counter: lambda: [dict(value)],
        collections.defaultdict: lambda: [value.default_factory, dict(value)],
        collections.deque: lambda: [list(value), value.maxlen],
        bytearray: lambda: [bytes(value)],
    }
    if kind not in makers:
        return None
    name = f"{module('types')}.MappingProxyType" if kind is types.MappingProxyType else write(kind)
    return f"{name}({', '.join(map(write, makers[kind]()))})"


def _write_standard(  # noqa: PLR0911 (one for each kind)
    value: Any, write: Write, module: Import
) -> str | None:
    kind = type(value)
    if isinstance(value, re.Pattern):
        return f"{module('re')}.compile({value.pattern!r}, {value.flags})"
    if kind is zoneinfo.ZoneInfo and value.key:
        return f"{module('zoneinfo')}.ZoneInfo({value.key!r})"
    if kind in PATHS:
        return f"{module('pathlib')}.{kind.__name__}({str(value)!r})"
    if kind is dt.timezone and value is not dt.UTC:
        offset = ", ".join(map(write, value.__getinitargs__()))
        return f"{module('datetime')}.timezone({offset})"
    if kind in (dt.datetime, dt.time) and value.tzinfo is not None:
        naive = write(value.replace(tzinfo=None))
        return f"{naive}.replace(tzinfo={write(value.tzinfo)})"
    if kind in BY_REPR:
        name = kind.__module__
        return f"{module(name)}.{repr(value).removeprefix(f'{name}.')}"
    return None
