"""Checks handlers before they are bundled.

A service can add checks of its own: `custom.bundle.checks` in serverless.yml lists modules, each
with a function that takes the syntax tree of a handler's module and the name of the handler. It
returns line numbers, each with the problem there:

    def find_problems(tree: ast.Module, name: str) -> Iterable[tuple[int, str]]: ...
"""

import ast
import importlib
from collections.abc import Iterator

from lambda_bundle.package import Package
from lambda_bundle.problems import BundleError

DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def check_handler(package: Package, handler: str, checks: list[str]) -> None:
    """Check that a handler exists, and that it passes the service's own checks.

    A handler whose module does not exist passes, because `find_closure` reports that.

    Raises:
        BundleError: names the file and line, and what is wrong.
    """
    module, _, name = handler.rpartition(".")
    path = package.find_own_module(module.replace("/", "."))
    if not path:
        return
    try:
        tree = ast.parse(package.files[path], path)
    except SyntaxError as error:
        raise BundleError(f"{path}, line {error.lineno}: {error.msg}") from None
    if not {name, "*", "__getattr__"} & set(_names(tree)):
        functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
        found = ", ".join(f"{node.name} (line {node.lineno})" for node in functions)
        raise BundleError(f"{path} has no handler {name}. Its functions: {found or 'none'}.")
    for check in checks:
        for line, problem in importlib.import_module(check).find_problems(tree, name):
            raise BundleError(f"{path}, line {line}: {problem}")


def _names(tree: ast.Module) -> Iterator[str]:
    """Yield the names that a module defines, also those in conditional blocks."""
    for statement in tree.body:
        is_definition = isinstance(statement, DEFINITIONS)
        for node in [statement] if is_definition else ast.walk(statement):
            match node:
                case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                    yield name
                case ast.AsyncFunctionDef(name=name) | ast.Name(id=name, ctx=ast.Store()):
                    yield name
                case ast.alias(name=name, asname=alias):
                    yield alias or name.partition(".")[0]
