"""Checks that code uses only those parts of pydantic that are shipped with compiled models."""

import ast
import functools
from collections.abc import Iterator

from pydantic import BaseModel
from pydantic_core import _pydantic_core

from lambda_bundle.closure import Closure
from lambda_bundle.imports import find_imports
from lambda_bundle.models.compile import COMPILED_MODEL
from lambda_bundle.package import Package
from lambda_bundle.problems import ADVICE, BundleError

CORE = "pydantic-core"
# Not shipped with compiled models, except the core's extension module.
PYDANTIC = {"pydantic", CORE}
CORE_NAMES = set(dir(_pydantic_core)) | {"MISSING", "_pydantic_core"}

# BaseModel's methods and properties that runtime/compiled_model.py has, and those that it has not.
OFFERED = {
    "model_copy",
    "model_dump",
    "model_dump_json",
    "model_extra",
    "model_fields_set",
    "model_rebuild",
    "model_validate",
    "model_validate_json",
    "model_validate_strings",
}
NOT_OFFERED = {name for name in dir(BaseModel) if name.startswith("model_")} - OFFERED


def check_uses(package: Package, closure: Closure, compiled: dict[str, str]) -> None:
    """Check the service's own modules. `compiled` has the sources of compiled models by path.

    Raises:
        BundleError: names the file, and what it uses that is not shipped.
    """
    for module, path in closure.modules.items():
        if path not in compiled and path not in COMPILED_MODEL:
            for problem in _find_problems(package, closure, compiled, module, path):
                raise BundleError(
                    f"{problem}, which is not shipped with compiled models. Remove it. {ADVICE}"
                )


def check_requirements(package: Package, imported: set[str], shipped: set[str]) -> None:
    """Check that neither the service's own code nor a shipped distribution needs pydantic.

    Raises:
        BundleError: names what needs it.
    """
    needed = {"the service's own code": imported} | {
        name: set(package.distributions[name].requires) for name in shipped
    }
    for name, requirements in needed.items():
        if name not in PYDANTIC and requirements & PYDANTIC:
            raise BundleError(
                f"{name} needs {min(requirements & PYDANTIC)}, which is not shipped with compiled "
                f"models. Remove it, or move models to payload.py. {ADVICE}"
            )


def _find_problems(
    package: Package, closure: Closure, compiled: dict[str, str], module: str, path: str
) -> Iterator[str]:
    source = package.files[path]
    for line, name in _find_not_offered(source, path):
        yield f"{path}, line {line}, uses {name}"
    for each in find_imports(source, module, path):
        if each.module.startswith("pydantic_core."):
            yield f"{path} imports {each.module}"
        models = compiled.get(closure.modules.get(each.module, ""))
        known = CORE_NAMES if each.module == "pydantic_core" else _names(models) if models else None
        for name in each.names:
            if known is not None and name not in known and name != "*":
                yield f"{path} imports {name} from {each.module}"


@functools.cache  # Functions share most modules.
def _find_not_offered(source: bytes, path: str) -> list[tuple[int, str]]:
    return [
        (node.lineno, node.attr)
        for node in ast.walk(ast.parse(source, path))
        if isinstance(node, ast.Attribute) and node.attr in NOT_OFFERED
    ]


def _names(source: str) -> set[str]:
    """Return the names that a compiled module defines."""
    names: set[str] = set()
    for node in ast.parse(source).body:
        match node:
            case ast.ClassDef(name=name) | ast.Assign(targets=[ast.Name(id=name)]):
                names.add(name)
            case ast.Import(names=imported) | ast.ImportFrom(names=imported):
                names |= {each.asname or each.name for each in imported}
    return names
