"""Checks handlers before they are bundled.

A service can add checks of its own: `custom.bundle.checks` in serverless.yml lists modules, each
with a function that takes the syntax tree of a handler's module and the name of the handler. It
returns line numbers, each with the problem there:

    def find_problems(tree: ast.Module, name: str) -> Iterable[tuple[int, str]]: ...
"""

import ast
import difflib
import importlib
import sys
from collections.abc import Iterable, Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from lambda_bundle.package import Package
from lambda_bundle.problems import BundleError
from lambda_bundle.syntax import parse

DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
# Code with these may define names that no statement shows.
DEFINE_NAMES = {"exec", "globals", "locals", "setattr", "vars"}


def check_handler(
    package: Package,
    handler: str,
    checks: list[str],
    *,
    folders: Iterable[str] = (),
    external: Iterable[str] = (),
) -> None:
    """Check that a handler exists, and that it passes the service's own checks.

    One whose module is in a library, or in a layer as `external` says, passes.

    Raises:
        BundleError: names the file and line, and what is wrong.
    """
    module, _, name = handler.rpartition(".")
    module = module.replace("/", ".")
    found = (package.find_own_module(module, place) for place in ["", *folders])
    path = next(filter(None, found), None)
    if not path:
        _check_elsewhere(package, handler, module, external)
        return
    tree = parse(package.files[path], path)
    names = set(_names(tree))
    if not {name, "*", "__getattr__"} & names and not _defines_names(tree):
        functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
        found_names = ", ".join(f"{node.name} (line {node.lineno})" for node in functions)
        raise BundleError(f"{path} has no handler {name}. Its functions: {found_names or 'none'}.")
    for check in checks:
        for line, problem in _import_check(check).find_problems(tree, name):
            raise BundleError(f"{path}, line {line}: {problem}")


def _check_elsewhere(package: Package, handler: str, module: str, external: Iterable[str]) -> None:
    """Check that a library or a layer may have the module of a handler.

    Raises:
        BundleError: there is no such module.
    """
    top = module.partition(".")[0]
    is_compiled = package.find_compiled_module(module) is not None
    if is_compiled or package.find_distributions(top):
        return
    if any(fnmatch(each, pattern) for each in (module, top) for pattern in external):
        return
    similar = difflib.get_close_matches(module, package.own_modules, 3, 0.5)
    similar += [each for each in package.own_modules if each.endswith(f".{module}")]
    hint = f" Similar: {', '.join(dict.fromkeys(similar))}." if similar else ""
    raise BundleError(f"There is no module {module}, which the handler {handler} names.{hint}")


def _import_check(name: str) -> Any:
    """Return a module of the service's checks, which is found from the current folder."""
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.append(here)
    return importlib.import_module(name)


def _defines_names(tree: ast.Module) -> bool:
    called = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return bool(called & DEFINE_NAMES)


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
