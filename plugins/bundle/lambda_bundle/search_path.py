"""The folders that a module adds to `sys.path`, found without running it.

Handlers in subfolders often begin so:

    sys.path.append(os.path.dirname(__file__))
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "shared"))
"""

import ast
import functools
import posixpath
from collections.abc import Iterator

from lambda_bundle.bytecode import TASK_ROOT
from lambda_bundle.syntax import called_name, find_constants, parse

# They return the path that they are given: artifacts have no links to resolve.
SAME = {"abspath", "absolute", "as_posix", "expanduser", "fspath", "normpath"}
SAME |= {"Path", "PosixPath", "PurePath", "PurePosixPath", "realpath", "resolve", "str"}
TASK_ROOT_VARIABLE = "LAMBDA_TASK_ROOT"


@functools.cache  # Functions share most modules.
def find_added_folders(source: bytes, path: str) -> tuple[str | None, ...]:
    """Return the folders that a module adds, such as "src/", or None for what is not understood.

    Those outside of the artifact, such as a layer's, are not among them.

    Raises:
        BundleError: names the file and line of a syntax error.
    """
    if b"path" not in source and b"site" not in source:
        return ()
    tree = parse(source, path)
    evaluate = _Paths(path, find_constants(tree)).evaluate
    added = [evaluate(node) if node else None for node in _find_edits(tree)]
    return tuple(dict.fromkeys(_relative(each) for each in added if not _is_elsewhere(each)))


def _find_edits(tree: ast.Module) -> Iterator[ast.expr | None]:
    """Yield what is added to `sys.path`, or None for another change of it."""
    names = _find_names(tree)
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(value=on, attr=method), args=[*_, added]):
                if method == "addsitedir" or (method in ("append", "insert") and _is(on, names)):
                    yield added
                elif method == "extend" and _is(on, names):
                    yield from _elements(added, names)
            case ast.AugAssign(target=target, value=value) if _is(target, names):
                yield from _elements(value, names)
            case ast.Assign(targets=[target], value=value) if _is(target, names):
                yield from _elements(value, names)


def _find_names(tree: ast.Module) -> set[str]:
    """Return the names that `from sys import path` gives to it."""
    return {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "sys"
        for alias in node.names
        if alias.name == "path"
    }


def _is(node: ast.expr, names: set[str]) -> bool:
    """Whether an expression is `sys.path`, or a part of it."""
    match node:
        case ast.Attribute(value=ast.Name(id="sys" | "_sys"), attr="path"):
            return True
        case ast.Subscript(value=value) | ast.Starred(value=value):
            return _is(value, names)
    return isinstance(node, ast.Name) and node.id in names


def _elements(node: ast.expr, names: set[str]) -> Iterator[ast.expr | None]:
    """Yield the parts of a list of folders that are not `sys.path` itself."""
    if isinstance(node, ast.BinOp):
        yield from _elements(node.left, names)
        yield from _elements(node.right, names)
    elif isinstance(node, ast.List | ast.Tuple):
        yield from (each for each in node.elts if not _is(each, names))
    elif not _is(node, names):
        yield None


class _Paths:
    """Evaluates expressions for paths to absolute paths on Lambda."""

    def __init__(self, path: str, constants: dict[str, ast.expr]) -> None:
        self._path = path
        self._constants = constants

    def evaluate(self, node: ast.expr) -> str | None:  # noqa: C901, PLR0911 (one a kind of node)
        """Return a path, or None if the expression is not understood."""
        match node:
            case ast.Constant(value=str(text)):
                return text
            case ast.Name(id="__file__"):
                return f"{TASK_ROOT}/{self._path}"
            case ast.Name(id=name) if value := self._constants.get(name):
                others = {key: each for key, each in self._constants.items() if key != name}
                return _Paths(self._path, others).evaluate(value)
            case ast.Attribute(value=value, attr="parent"):
                return self._parent(self.evaluate(value))
            case ast.Subscript(
                value=ast.Attribute(value=value, attr="parents"),
                slice=ast.Constant(value=int(count)),
            ):
                folder = self.evaluate(value)
                for _ in range(count + 1):
                    folder = self._parent(folder)
                return folder
            case ast.Subscript(slice=ast.Constant(value=key)) if key == TASK_ROOT_VARIABLE:
                return TASK_ROOT
            case ast.BinOp(left=left, op=ast.Div(), right=right):
                return self._join([left, right], "/")
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                return self._join([left, right], "")
            case ast.JoinedStr(values=parts):
                return self._join(parts, "")
            case ast.FormattedValue(value=value):
                return self.evaluate(value)
            case ast.Call():
                return self._evaluate_call(node)
        return None

    def _evaluate_call(self, call: ast.Call) -> str | None:  # noqa: PLR0911
        name = called_name(call)
        first = call.args[:1]
        on = call.func.value if isinstance(call.func, ast.Attribute) else None
        match name:
            case "dirname" if first:
                return self._parent(self.evaluate(first[0]))
            case "join" if first:
                return self._join(call.args, "/")
            case "joinpath" if on:
                return self._join([on, *call.args], "/")
            case "getcwd" | "cwd":
                return TASK_ROOT
            case "get" | "getenv" if first and isinstance(first[0], ast.Constant):
                return TASK_ROOT if first[0].value == TASK_ROOT_VARIABLE else None
            case "Path" if len(call.args) > 1:
                return self._join(call.args, "/")
            case _ if name in SAME and first:
                return self.evaluate(first[0])
            case _ if name in SAME and on:
                return self.evaluate(on)
        return None

    def _join(self, nodes: list[ast.expr], separator: str) -> str | None:
        parts = [self.evaluate(node) for node in nodes]
        known = [part for part in parts if part is not None]
        if len(known) < len(parts):
            return None
        return posixpath.join(*known) if separator else "".join(known)

    @staticmethod
    def _parent(path: str | None) -> str | None:
        return None if path is None else posixpath.dirname(path) or "."


def _absolute(path: str) -> str:
    return posixpath.normpath(posixpath.join(TASK_ROOT, path))


def _is_elsewhere(path: str | None) -> bool:
    """Whether a path is known, and is outside of the artifact."""
    return path is not None and not f"{_absolute(path)}/".startswith(f"{TASK_ROOT}/")


def _relative(path: str | None) -> str | None:
    """Return a folder of the artifact relative to its root: "src/", or "" for the root."""
    if path is None:
        return None
    inner = _absolute(path).removeprefix(TASK_ROOT).removeprefix("/")
    return f"{inner}/" if inner else ""
