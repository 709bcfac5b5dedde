"""Compiles the modules of an artifact, which Lambda would otherwise do at each cold start."""

import ast
import functools
import importlib.util
import marshal
import struct
import warnings
from pathlib import Path

from lambda_bundle.problems import Note, Notes

RUNTIME = Path(__file__).parent / "runtime"  # Python files that are copied into artifacts.
TASK_ROOT = "/var/task"  # Where Lambda unzips an artifact.
UNCHECKED_HASH = struct.pack("<I", 0b01)  # https://peps.python.org/pep-0552/


def compile_bytecode(
    files: dict[str, bytes], entry: str, modules: dict[str, str], notes: Notes
) -> dict[str, bytes]:
    """Return a `.pyc` file, by path, for every Python file.

    The `.pyc` of the module `entry` also contains the bytecode of all `modules`, which are paths
    by module name; runtime/entry.py says why. A Python file that is not among them may have invalid
    syntax: some distributions ship templates. One that is among them gets a note.

    Python uses these files without comparing them to their sources, whose times unzipping changes.
    https://docs.python.org/3/library/py_compile.html#py_compile.PycInvalidationMode.UNCHECKED_HASH

    Raises:
        BundleError: names the file and line of a syntax error in a module, if `notes` are strict.
    """
    bytecode = {}
    for path in sorted(each for each in files if each.endswith(".py")):
        try:
            bytecode[path] = _compile(path, files[path])
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            if path in modules.values():
                line = f", line {error.lineno}" if isinstance(error, SyntaxError) else ""
                why = f"{path}{line}: {getattr(error, 'msg', error)}."
                notes.keep(Note("bytecode", why, "Such a module cannot be imported."))
    modules = {name: path for name, path in modules.items() if path in bytecode}
    if entry in modules:
        embedded = {name: bytecode[modules[name]] for name in sorted(modules)}
        bytecode[modules[entry]] = _embed(modules, entry, embedded)
    return {
        importlib.util.cache_from_source(path, optimization=""): b"".join(
            [
                importlib.util.MAGIC_NUMBER,
                UNCHECKED_HASH,
                importlib.util.source_hash(files[path]),
                code,
            ]
        )
        for path, code in bytecode.items()
    }


def _embed(modules: dict[str, str], entry: str, embedded: dict[str, bytes]) -> bytes:
    """Return bytecode that installs runtime/entry.py, then runs the entry module.

    entry.py runs in a namespace of its own, so the entry module sees none of its names.
    """
    finder = (RUNTIME / "entry.py").read_bytes()
    constants = f"PATHS = {dict(sorted(modules.items()))!r}\nBYTECODE = {embedded!r}\n".encode()
    loads = "__import__('marshal').loads"
    path = modules[entry]
    source = (
        f"exec({loads}({_compile('<bundle>', constants + finder)!r}),"
        f" {{'__name__': '<bundle>', 'TASK_ROOT': __file__[:-{len(path)}]}})\n"
        f"exec({loads}({embedded[entry]!r}))\n"
    )
    return _compile(path, source.encode())


@functools.cache  # Functions share most modules.
def _compile(path: str, source: bytes) -> bytes:
    with warnings.catch_warnings(action="ignore"):  # Of odd escapes in strings.
        code = compile(
            _without_type_checking(path, source),
            f"{TASK_ROOT}/{path}",
            "exec",
            dont_inherit=True,
            optimize=0,
        )
    return marshal.dumps(code)


def _without_type_checking(path: str, source: bytes) -> bytes | ast.Module:
    if b"TYPE_CHECKING" not in source:
        return source
    tree: ast.Module = _TypeCheckingIsFalse().visit(ast.parse(source, path))
    return tree


class _TypeCheckingIsFalse(ast.NodeTransformer):
    """Replaces `from typing import TYPE_CHECKING` by `TYPE_CHECKING = False`.

    Importing `typing` takes milliseconds of a cold start, and many modules need it for nothing but
    this constant. The replacement is safe: the constant is False in every running program
    (https://docs.python.org/3/library/typing.html#typing.TYPE_CHECKING), an import statement binds
    its name in the same scope as an assignment, and other names that the statement imports are
    still imported. Line numbers stay, and so do the sources, which tracebacks show.
    """

    def generic_visit(self, node: ast.AST) -> ast.AST:
        """Visit only statements, in which alone an import can be."""
        for name in ("body", "handlers", "orelse", "finalbody", "cases"):
            parts = getattr(node, name, None)
            if isinstance(parts, list):
                for each in parts.copy():
                    visited = self.visit(each)
                    if visited is not each:
                        at = parts.index(each)
                        parts[at : at + 1] = visited if isinstance(visited, list) else [visited]
        return node

    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.stmt | list[ast.stmt]:
        if node.module != "typing" or node.level:
            return node
        constants = [each for each in node.names if each.name == "TYPE_CHECKING"]
        node.names = [each for each in node.names if each not in constants]
        assignments: list[ast.stmt] = [
            ast.Assign([ast.Name(each.asname or each.name, ast.Store())], ast.Constant(value=False))
            for each in constants
        ]
        for each in assignments:
            ast.fix_missing_locations(ast.copy_location(each, node))
        return [*assignments, node] if node.names else assignments
