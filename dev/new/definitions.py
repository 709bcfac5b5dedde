"""Removes definitions from Python modules."""

import ast
import re
from collections.abc import Callable

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def keep_definitions(source: str, is_kept: Callable[[str], bool]) -> str:
    """Return a module without the functions and classes that `is_kept` rejects.

    Imports that only those use are removed, too.
    """
    lines = source.splitlines(keepends=True)
    dropped = [
        node
        for node in ast.parse(source).body
        if isinstance(node, Definition) and not is_kept(node.name)
    ]
    for node in reversed(dropped):
        first = min([node, *node.decorator_list], key=lambda each: each.lineno)
        del lines[first.lineno - 1 : node.end_lineno]
    text = re.sub(r"\n{4,}", "\n\n\n", "".join(lines)).rstrip("\n") + "\n"
    return _without_unused_imports(text)


def _without_unused_imports(source: str) -> str:
    tree = ast.parse(source)
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    lines = source.splitlines(keepends=True)
    for node in reversed(tree.body):
        if not isinstance(node, ast.Import | ast.ImportFrom):
            continue
        names = [each for each in node.names if (each.asname or each.name.split(".")[0]) in used]
        if names == node.names:
            continue
        node.names = names
        lines[node.lineno - 1 : node.end_lineno] = [f"{ast.unparse(node)}\n"] if names else []
    return re.sub(r"(?m)\n{3,}(?=(?:from|import) )", "\n\n", "".join(lines))
