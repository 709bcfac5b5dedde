"""What a handler must be before it is bundled: there, and as the service's own rules have it.

A module of rules, which `custom.bundle.checks` names in serverless.yml, has a function
`find_problems(tree, name)`: from the syntax tree of a handler's module and the handler's name to
lines and what is wrong there.
"""

import ast
import importlib
from collections.abc import Iterator

from plugins.bundle.package import Package
from plugins.bundle.problems import BundleError

DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def check_handler(package: Package, handler: str, checks: list[str]) -> None:
    """Hold a handler to what it must be; a module that is not there is the closure's to tell.

    Raises:
        BundleError: says in which file and line, and what is wrong.
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
        there = ", ".join(f"{node.name} (line {node.lineno})" for node in functions)
        raise BundleError(f"{path} has no {name}, the handler. Its functions: {there or 'none'}.")
    for check in checks:
        for line, problem in importlib.import_module(check).find_problems(tree, name):
            raise BundleError(f"{path}, line {line}: {problem}")


def _names(tree: ast.Module) -> Iterator[str]:
    """Return the names that a module has, those of conditional blocks included."""
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
