"""The import statements of a module, and its calls that import by a name."""

import ast
import functools
from collections.abc import Iterator
from dataclasses import dataclass

from lambda_bundle.syntax import called_name, find_constants, parse

IMPORTERS = {"import_module", "__import__", "find_spec"}
# These run or import what only their arguments know, so nothing can be said about it.
LOADERS = {
    *("exec", "exec_module", "load_module", "load_source", "run_module", "run_path"),
    *("spec_from_file_location", "SourceFileLoader", "zipimporter"),
    *("entry_points", "iter_entry_points", "import_string", "resolve_name", "walk_packages"),
}


@dataclass
class Import:
    """An import of a module, or of names from it. A name may be a submodule.

    An optional import may fail: it is in a conditional block, or its ImportError is caught. With
    `is_prefix`, only the beginning of the module's name is known.
    """

    module: str
    names: list[str]
    optional: bool
    is_prefix: bool = False


@dataclass
class Unknown:
    """A call that imports what cannot be known without running it."""

    line: int
    call: str


@functools.cache  # Functions share most modules.
def find_imports(source: bytes, module: str, path: str) -> tuple[Import, ...]:
    """Return all imports of a module, also those in functions, except under `if TYPE_CHECKING:`.

    `module` is its dotted name, against which relative imports are resolved.

    Raises:
        BundleError: names the file and line of a syntax error.
    """
    return tuple(each for each in _find(source, module, path) if isinstance(each, Import))


@functools.cache
def find_unknown(source: bytes, module: str, path: str) -> tuple[Unknown, ...]:
    """Return the calls of a module that import what cannot be known.

    Raises:
        BundleError: names the file and line of a syntax error.
    """
    return tuple(each for each in _find(source, module, path) if isinstance(each, Unknown))


@functools.cache
def find_strings(source: bytes, path: str) -> frozenset[str]:
    """Return the strings of a module, without docstrings.

    Raises:
        BundleError: names the file and line of a syntax error.
    """
    tree = parse(source, path)
    alone = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return frozenset(
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in alone
    )


def _find(source: bytes, module: str, path: str) -> Iterator[Import | Unknown]:
    tree = parse(source, path)
    parent = parent_of(module, path)
    names = {"__name__": module, "__package__": parent}
    waiting: list[tuple[ast.AST, bool]] = [(tree, False)]
    while waiting:
        node, optional = waiting.pop()
        if isinstance(node, ast.Import):
            yield from (Import(alias.name, [], optional) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            imported = [alias.name for alias in node.names]
            yield Import(resolve(node, parent), imported, optional)
        elif module_name := find_imported(node):
            yield Import(module_name, [], optional)
        else:
            if isinstance(node, ast.Call) and called_name(node) in IMPORTERS:
                yield _find_called(node, _Texts(tree, names), is_optional=optional)
            elif isinstance(node, ast.Call) and called_name(node) in LOADERS:
                yield Unknown(node.lineno, ast.unparse(node))
            waiting += _children(node, is_optional=optional)


def find_imported(node: ast.AST) -> str | None:
    """Return the module that the schema of a compiled model imports: `_imported("decimal")`."""
    match node:
        case ast.Call(func=ast.Name(id="_imported"), args=[ast.Constant(value=str(name))]):
            return name
    return None


def _find_called(call: ast.Call, texts: "_Texts", *, is_optional: bool) -> Import | Unknown:
    """Return the import that a call such as `import_module(name, package)` makes."""
    arguments = {each.arg: each.value for each in call.keywords}
    name = call.args[0] if call.args else arguments.get("name")
    text, is_whole = texts.evaluate(name) if name else ("", False)
    if text.startswith(".") and called_name(call) != "__import__":
        package = call.args[1] if len(call.args) > 1 else arguments.get("package")
        base, is_known = texts.evaluate(package) if package else ("", False)
        level = len(text) - len(text.lstrip("."))
        above = base.split(".")[: len(base.split(".")) - level + 1] if is_known else []
        text = ".".join([*above, text.lstrip(".")]) if above else ""
    if not text:
        return Unknown(call.lineno, ast.unparse(call))
    optional = is_optional or not is_whole or called_name(call) == "find_spec"
    return Import(text, [], optional, is_prefix=not is_whole)


class _Texts:
    """Evaluates the texts in a module; `names` has the values of names that Python defines."""

    def __init__(self, tree: ast.Module, names: dict[str, str]) -> None:
        self._constants = find_constants(tree)
        self._names = names

    def evaluate(self, node: ast.expr) -> tuple[str, bool]:  # noqa: PLR0911 (one a kind of node)
        """Return the beginning of a text that is known, and whether it is the whole text."""
        match node:
            case ast.Constant(value=str(text)):
                return text, True
            case ast.Name(id=name) if name in self._names:
                return self._names[name], True
            case ast.Name(id=name) if isinstance(value := self._constants.get(name), ast.Constant):
                return self.evaluate(value)
            case ast.JoinedStr(values=parts):
                return self._join(parts)
            case ast.FormattedValue(value=value, conversion=-1, format_spec=None):
                return self.evaluate(value)
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                return self._join([left, right])
            case ast.BinOp(left=ast.Constant(value=str(text)), op=ast.Mod()):
                return text.partition("%")[0], False
            case ast.Call(func=ast.Attribute(value=ast.Constant(value=str(text)), attr="format")):
                return text.partition("{")[0], False
        return "", False

    def _join(self, parts: list[ast.expr]) -> tuple[str, bool]:
        known = ""
        for part in parts:
            text, is_whole = self.evaluate(part)
            known += text
            if not is_whole:
                return known, False
        return known, True


def _children(node: ast.AST, *, is_optional: bool) -> Iterator[tuple[ast.AST, bool]]:
    """Yield a node's children, each with whether imports in it are optional."""
    if isinstance(node, ast.If):
        body = [] if is_type_checking(node.test) else node.body
        yield from ((child, True) for child in [node.test, *body])
        # At run time, the `else` of `if TYPE_CHECKING:` is not conditional.
        yield from ((child, bool(body) or is_optional) for child in node.orelse)
    elif isinstance(node, ast.Try | ast.TryStar):
        catches = any(_catches_import_error(each.type) for each in node.handlers)
        yield from ((child, is_optional or catches) for child in node.body)
        rest = [*node.handlers, *node.orelse, *node.finalbody]
        yield from ((child, is_optional) for child in rest)
    elif isinstance(node, ast.With):
        suppresses = any(_is_suppress(item.context_expr) for item in node.items)
        yield from ((child, is_optional or suppresses) for child in [*node.items, *node.body])
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
