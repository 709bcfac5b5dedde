"""Finds the expressions for functions, classes and constants in the code of a service."""

import ast
import functools
import importlib
import operator
import sys
import types
from collections.abc import Callable, Iterator
from typing import Any

Write = Callable[[Any], str]


def resolve(module: str, name: str) -> object:
    """Return what a dotted name means in an imported module, or None if it is not there."""
    found: object = sys.modules.get(module)
    for part in name.split("."):
        if part == "<locals>":
            return None
        found = getattr(found, part, None)
    return found


def find_constant(module: str, value: object) -> str | None:
    """Return the name that a module gives to a value itself, not to one equal to it."""
    named = vars(sys.modules[module]) if module in sys.modules else {}
    return next(
        (name for name, each in named.items() if each is value and name.isidentifier()), None
    )


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


class Lambdas:
    """The lambdas in a module, found by their compiled code."""

    def __init__(self, tree: ast.Module) -> None:
        self.tree = tree

    @functools.cached_property
    def _by_position(self) -> dict[tuple[int | None, ...], ast.Lambda]:
        nodes = [node for node in ast.walk(self.tree) if isinstance(node, ast.Lambda)]
        return {_position(node.body): node for node in nodes}

    @functools.cached_property
    def _codes(self) -> list[types.CodeType]:
        return list(_codes(compile(self.tree, "<module>", "exec", dont_inherit=True)))

    def find(self, function: types.FunctionType) -> ast.Lambda | None:
        """Return the lambda that a function was made from."""
        code = function.__code__
        if code not in self._codes:
            return None  # It is from another module.
        returned = [each for each in code.co_positions() if each[0] is not None]
        return self._by_position.get(returned[-1]) if returned else None


def _position(node: ast.expr) -> tuple[int | None, ...]:
    return node.lineno, node.end_lineno, node.col_offset, node.end_col_offset


def _codes(code: types.CodeType) -> Iterator[types.CodeType]:
    for each in code.co_consts:
        if isinstance(each, types.CodeType):
            yield each
            yield from _codes(each)


def write_lambda(node: ast.Lambda, function: types.FunctionType, write: Write) -> str:
    """Return the source of a lambda, with the values that it had from around it.

    `write` writes the values of its defaults and of the names that are not the module's.

    Raises:
        ValueError: it uses a name that means something else where schemas are written.
    """
    copied = ast.parse(ast.unparse(node), mode="eval").body
    assert isinstance(copied, ast.Lambda)
    _check_names(copied)
    arguments = copied.args
    arguments.defaults = [_expression(write(each)) for each in function.__defaults__ or ()]
    keywords = function.__kwdefaults__ or {}
    arguments.kw_defaults = [
        _expression(write(keywords[each.arg])) if each.arg in keywords else None
        for each in arguments.kwonlyargs
    ]
    text = f"({ast.unparse(copied)})"
    free = dict(zip(function.__code__.co_freevars, function.__closure__ or (), strict=True))
    if "__class__" in free:
        raise ValueError("uses super() or __class__")
    if not free:
        return text
    values = ", ".join(write(cell.cell_contents) for cell in free.values())
    return f"(lambda {', '.join(free)}: {text})({values})"


def _expression(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body


def _check_names(node: ast.Lambda) -> None:
    names = {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
    arguments = {each.arg for each in ast.walk(node) if isinstance(each, ast.arg)}
    if "cls" in names - arguments:
        raise ValueError("uses the global name cls")
    private = names | {each.attr for each in ast.walk(node) if isinstance(each, ast.Attribute)}
    if any(name.startswith("__") and not name.endswith("__") for name in private):
        raise ValueError("uses a name that starts with two underscores")


def write_reduced(value: Any, write: Write) -> str | None:
    """Return the source of a `functools.partial`, or of a getter of the module `operator`."""
    if type(value) is functools.partial:
        parts = [write(value.func), *map(write, value.args)]
        parts += [f"{name}={write(each)}" for name, each in value.keywords.items()]
        return f"functools.partial({', '.join(parts)})"
    if type(value) in (operator.attrgetter, operator.itemgetter):
        _, arguments = value.__reduce__()
        return f"operator.{type(value).__name__}({', '.join(map(write, arguments))})"
    return None


def is_importable(module: str, name: str, value: object) -> bool:
    """Whether importing a module gives the value itself under its name."""
    try:
        importlib.import_module(module)
    except Exception:  # noqa: BLE001 (a module may raise anything; the value is then not taken)
        return False
    return resolve(module, name) is value
