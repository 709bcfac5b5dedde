"""The import statements of a module."""

import ast
import functools
from collections.abc import Iterator
from dataclasses import dataclass

from lambda_bundle.problems import BundleError


@dataclass
class Import:
    """An import of a module, or of names from it. A name may be a submodule.

    An optional import may fail: it is in a conditional block, or its ImportError is caught.
    """

    module: str
    names: list[str]
    optional: bool


@functools.cache  # Functions share most modules.
def find_imports(source: bytes, module: str, path: str) -> tuple[Import, ...]:
    """Return all imports of a module, also those in functions, except under `if TYPE_CHECKING:`.

    `module` is its dotted name, against which relative imports are resolved.

    Raises:
        BundleError: names the file and line of a syntax error.
    """
    return tuple(_find_imports(source, module, path))


def _find_imports(source: bytes, module: str, path: str) -> Iterator[Import]:
    try:
        tree = ast.parse(source, path)
    except SyntaxError as error:
        raise BundleError(f"{path}, line {error.lineno}: {error.msg}") from None
    parent = parent_of(module, path)
    waiting: list[tuple[ast.AST, bool]] = [(tree, False)]
    while waiting:
        node, optional = waiting.pop()
        if isinstance(node, ast.Import):
            yield from (Import(alias.name, [], optional) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            names = [alias.name for alias in node.names]
            yield Import(resolve(node, parent), names, optional)
        elif module_name := find_imported(node):
            yield Import(module_name, [], optional)
        else:
            waiting += _children(node, is_optional=optional)


def find_imported(node: ast.AST) -> str | None:
    """Return the module that the schema of a compiled model imports: `_imported("decimal")`."""
    match node:
        case ast.Call(func=ast.Name(id="_imported"), args=[ast.Constant(value=str(name))]):
            return name
    return None


def _children(node: ast.AST, *, is_optional: bool) -> Iterator[tuple[ast.AST, bool]]:
    """Yield a node's children, each with whether imports in it are optional."""
    if isinstance(node, ast.If):
        body = [] if is_type_checking(node.test) else node.body
        yield from ((child, True) for child in body)
        # At run time, the `else` of `if TYPE_CHECKING:` is not conditional.
        yield from ((child, bool(body) or is_optional) for child in node.orelse)
    elif isinstance(node, ast.Try):
        catches = any(_catches_import_error(each.type) for each in node.handlers)
        yield from ((child, is_optional or catches) for child in node.body)
        rest = [*node.handlers, *node.orelse, *node.finalbody]
        yield from ((child, is_optional) for child in rest)
    elif isinstance(node, ast.With):
        suppresses = any(_is_suppress(item.context_expr) for item in node.items)
        yield from ((child, is_optional or suppresses) for child in node.body)
    else:
        yield from ((child, is_optional) for child in ast.iter_child_nodes(node))


def parent_of(module: str, path: str) -> str:
    """Return the package that the relative imports of a module start from."""
    return module if path.endswith("__init__.py") else module.rpartition(".")[0]


def resolve(node: ast.ImportFrom, parent: str) -> str:
    """Return the absolute name of the module that a node imports from."""
    above = parent.split(".")
    base = above[: len(above) - node.level + 1] if node.level else []
    return ".".join([*base, *([node.module] if node.module else [])])


def is_type_checking(test: ast.expr) -> bool:
    """Whether the test of an `if` is `TYPE_CHECKING`, which is False in a running program."""
    name = test.attr if isinstance(test, ast.Attribute) else getattr(test, "id", None)
    return name == "TYPE_CHECKING"


def _is_suppress(context: ast.expr) -> bool:
    if not isinstance(context, ast.Call):
        return False
    name = getattr(context.func, "attr", None) or getattr(context.func, "id", None)
    return name == "suppress" and any(map(_catches_import_error, context.args))


def _catches_import_error(caught: ast.expr | None) -> bool:
    if not caught:
        return True
    names = {getattr(node, "id", None) for node in ast.walk(caught)}
    return bool(names & {"ImportError", "ModuleNotFoundError", "Exception"})
