"""Writes functions that are made within another function of the service."""

import dis
import types
from collections.abc import Callable, Iterator
from typing import Any

from lambda_bundle.models.callables import resolve

Write = Callable[[Any], str]


def write_nested(function: types.FunctionType, write: Write, outer: str, make_again: str) -> str:
    """Return the source of a function that another one has made.

    `write` writes the values that it holds, `outer` is the expression for the other function, and
    `make_again` that for the function in runtime/compiled_pydantic/nested.py.

    Raises:
        ValueError: it cannot be made again; says why.
    """
    code = function.__code__
    if vars(function):
        raise ValueError("has attributes of its own")
    if changed := sorted(_list_changed(function) & {*code.co_freevars}):
        raise ValueError(f"shares the variable {changed[0]}, which may change")
    cells = zip(code.co_freevars, function.__closure__ or (), strict=True)
    values = ", ".join(f"{name!r}: {write(cell.cell_contents)}" for name, cell in cells)
    defaults = [write(each) for each in function.__defaults__ or ()]
    keywords = {name: write(each) for name, each in (function.__kwdefaults__ or {}).items()}
    parts = [outer, repr(function.__qualname__), str(code.co_firstlineno), f"{{{values}}}"]
    parts += [f"defaults=({', '.join(defaults)},)"] if defaults else []
    written = ", ".join(f"{name!r}: {each}" for name, each in keywords.items())
    parts += [f"keyword_defaults={{{written}}}"] if keywords else []
    return f"{make_again}({', '.join(parts)})"


def find_outer(function: types.FunctionType) -> Any:
    """Return the function at the top of its module, or in a class there, that made another one."""
    outer = resolve(function.__module__, function.__qualname__.partition(".<locals>")[0])
    code = getattr(getattr(outer, "__func__", outer), "__code__", None)
    if code is None or function.__closure__ is None:
        return None
    named = [
        each
        for each in _list_codes(code)
        if each.co_qualname == function.__qualname__
        and each.co_firstlineno == function.__code__.co_firstlineno
    ]
    return outer if named == [function.__code__] else None


def _list_changed(function: types.FunctionType) -> set[str]:
    """Return the variables that functions change which are around them."""
    outer = find_outer(function)
    return {
        str(step.argval)
        for code in _list_codes(getattr(outer, "__func__", outer).__code__)
        for step in dis.get_instructions(code)
        if step.opname in ("STORE_DEREF", "DELETE_DEREF") and step.argval in code.co_freevars
    }


def _list_codes(code: types.CodeType) -> Iterator[types.CodeType]:
    yield code
    for each in code.co_consts:
        if isinstance(each, types.CodeType):
            yield from _list_codes(each)
