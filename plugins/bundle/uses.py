"""What own code asks of models and of pydantic's core, held to what a bundle has of them."""

import ast
import functools
from collections.abc import Iterator

from pydantic import BaseModel
from pydantic_core import _pydantic_core

from plugins.bundle.closure import Closure, find_imports
from plugins.bundle.package import Package
from plugins.bundle.problems import BundleError

# What runtime/compiled_model.py offers.
OFFERED = {
    "model_copy",
    "model_dump",
    "model_dump_json",
    "model_extra",
    "model_fields_set",
    "model_validate",
    "model_validate_json",
    "model_validate_strings",
}
MISSING = {name for name in dir(BaseModel) if name.startswith("model_")} - OFFERED
CORE = set(dir(_pydantic_core)) | {"MISSING", "_pydantic_core"}


def check_uses(package: Package, closure: Closure, compiled: dict[str, str]) -> None:
    """Hold the own modules that are not models themselves to what there will be.

    Raises:
        BundleError: names the place, and what it uses that a bundle does not have.
    """
    for module, path in closure.modules.items():
        if path not in compiled and path != "compiled_model.py":
            for problem in _find_problems(package, closure, compiled, module, path):
                raise BundleError(
                    f"{problem}, which compiled models do without. Do without it, or declare "
                    "`bundle: {pydantic: true}`."
                )


def _find_problems(
    package: Package, closure: Closure, compiled: dict[str, str], module: str, path: str
) -> Iterator[str]:
    source = package.files[path]
    for line, name in _find_missing(source, path):
        yield f"{path}, line {line}, uses {name}"
    for each in find_imports(source, module, path):
        if each.module.startswith("pydantic_core."):
            yield f"{path} imports {each.module}"
        models = compiled.get(closure.modules.get(each.module, ""))
        there = CORE if each.module == "pydantic_core" else _names(models) if models else None
        for name in each.names:
            if there is not None and name not in there and name != "*":
                yield f"{path} imports {name} from {each.module}"


@functools.cache  # Functions share most modules.
def _find_missing(source: bytes, path: str) -> list[tuple[int, str]]:
    return [
        (node.lineno, node.attr)
        for node in ast.walk(ast.parse(source, path))
        if isinstance(node, ast.Attribute) and node.attr in MISSING
    ]


def _names(source: str) -> set[str]:
    names: set[str] = set()
    for node in ast.parse(source).body:
        match node:
            case ast.ClassDef(name=name) | ast.Assign(targets=[ast.Name(id=name)]):
                names.add(name)
            case ast.Import(names=imported) | ast.ImportFrom(names=imported):
                names |= {each.asname or each.name for each in imported}
    return names
