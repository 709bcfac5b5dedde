"""Writes lambdas, found in the source by their compiled code."""

import ast
import copy
import functools
import types
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from lambda_bundle.models.source import find_globals

Write = Callable[[Any], str]


class Lambdas:
    """The lambdas of the files that functions are from."""

    def find(self, function: types.FunctionType) -> ast.Lambda | None:
        """Return the lambda that a function was made from."""
        code = function.__code__
        codes, nodes = self._read(code.co_filename)
        if code not in codes:
            return None  # It is not from a file, or the file has changed.
        # Python 3.11 says of some steps only the line.
        steps: list[Any] = [each for each in code.co_positions() if each[0] and each[3]]
        around = [node for node in nodes if all(_contains(node.body, *each) for each in steps)]
        return min(around, key=lambda node: len(ast.unparse(node)), default=None)

    @functools.cache  # noqa: B019 (lives as long as the build)
    def _read(self, path: str) -> tuple[list[types.CodeType], list[ast.Lambda]]:
        if not Path(path).is_file():
            return [], []
        tree = ast.parse(Path(path).read_bytes())
        nodes = [node for node in ast.walk(tree) if isinstance(node, ast.Lambda)]
        codes = list(_codes(compile(tree, path, "exec", dont_inherit=True)))
        return codes, nodes


def _contains(node: ast.expr, line: int, end_line: int, column: int, end_column: int) -> bool:
    """Whether a step of a function, which is in these lines and columns, is of an expression."""
    start, end = (node.lineno, node.col_offset), (node.end_lineno, node.end_col_offset)
    return start <= (line, column) and (end_line, end_column) <= end


def _codes(code: types.CodeType) -> Iterator[types.CodeType]:
    for each in code.co_consts:
        if isinstance(each, types.CodeType):
            yield each
            yield from _codes(each)


def write_lambda(
    node: ast.Lambda, function: types.FunctionType, write: Write, name: Callable[[str], str]
) -> str:
    """Return the source of a lambda, with the values that it has from around it.

    `write` writes these values, and `name` returns the expression for a global name.

    Raises:
        ValueError: it uses a name that would mean something else where schemas are written.
    """
    written = copy.deepcopy(node)
    written.args.defaults = [_expression(write(each)) for each in function.__defaults__ or ()]
    keywords = function.__kwdefaults__ or {}
    written.args.kw_defaults = [
        _expression(write(keywords[each.arg])) if each.arg in keywords else None
        for each in node.args.kwonlyargs
    ]
    free = dict(zip(function.__code__.co_freevars, function.__closure__ or (), strict=True))
    if "__class__" in free:
        raise ValueError("uses super() or __class__")
    _check_private(node)
    names = {each: name(each) for each in sorted(_find_globals(node) - free.keys())}
    written.body = _Rename(names).visit(written.body)
    text = f"({ast.unparse(ast.fix_missing_locations(written))})"
    if "\n" in text:  # Of an f-string. It would move the lines below it.
        raise ValueError("has a text with a line break")
    if not free:
        return text
    values = ", ".join(write(cell.cell_contents) for cell in free.values())
    return f"(lambda {', '.join(free)}: {text})({values})"


def _find_globals(node: ast.Lambda) -> set[str]:
    """Return the global names in a lambda, but not those in its defaults."""
    bare = copy.deepcopy(node)
    bare.args.defaults = [ast.Constant(None) for _ in node.args.defaults]
    bare.args.kw_defaults = [each and ast.Constant(None) for each in node.args.kw_defaults]
    return find_globals(ast.Expr(bare))


def _expression(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body


def _check_private(node: ast.Lambda) -> None:
    names = {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
    names |= {each.attr for each in ast.walk(node) if isinstance(each, ast.Attribute)}
    if any(name.startswith("__") and not name.endswith("__") for name in names):
        raise ValueError("uses a name that starts with two underscores")


class _Rename(ast.NodeTransformer):
    """Puts expressions in place of global names."""

    def __init__(self, names: dict[str, str]) -> None:
        self.names = {name: text for name, text in names.items() if text != name}

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if node.id not in self.names:
            return node
        if not isinstance(node.ctx, ast.Load):
            problem = f"has a variable {node.id}, which is also a name in its module"
            raise ValueError(problem)  # noqa: TRY004 (a problem of the lambda)
        return _expression(self.names[node.id])

    def visit_arg(self, node: ast.arg) -> ast.arg:
        if node.arg in self.names:
            raise ValueError(f"has an argument {node.arg}, which is also a name in its module")
        return node
