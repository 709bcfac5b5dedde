"""The syntax trees of modules, and the texts in them that can be known without running them."""

import ast
import functools
import warnings

from lambda_bundle.problems import BundleError


@functools.cache  # Functions share most modules.
def parse(source: bytes, path: str) -> ast.Module:
    """Return the syntax tree of a module, which must not be changed.

    Raises:
        BundleError: names the file and line of a syntax error.
    """
    try:
        with warnings.catch_warnings(action="ignore"):  # Of odd escapes in strings.
            return ast.parse(source, path)
    except SyntaxError as error:
        raise BundleError(f"{path}, line {error.lineno}: {error.msg}") from None
    except (ValueError, RecursionError, MemoryError) as error:
        raise BundleError(f"{path}: {error}") from None


def find_constants(tree: ast.Module) -> dict[str, ast.expr]:
    """Return what names of a module stand for, by the names that are assigned once."""
    values: dict[str, ast.expr] = {}
    count: dict[str, int] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            count[node.id] = count.get(node.id, 0) + 1
        elif isinstance(node, ast.arg):
            count[node.arg] = count.get(node.arg, 0) + 1
    for statement in tree.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                values[name] = value
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                values[name] = value
    return {name: value for name, value in values.items() if count[name] == 1}


def called_name(call: ast.Call) -> str:
    """Return the last part of what a call calls: `join` for `os.path.join(...)`."""
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""
