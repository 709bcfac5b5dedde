"""A package imports only the packages that this table allows."""

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from dev.service import ROOT
from tests.support.functions import FUNCTIONS

SHARED = {"aws", "gateway", "invocation", "pipeline"}
FUNCTION_GROUPS = {function.package for function in FUNCTIONS}
TOOLS = {"bench", "dev", "ops", "plugins", "lambda_bundle"}
ANYTHING_BUT_TESTS = SHARED | FUNCTION_GROUPS | TOOLS | {"handler"}
# From each package to those that it may import.
MAY_IMPORT: dict[str, set[str]] = {
    # What a new function may import, without a change here.
    **{
        package: {"aws", "gateway", "invocation", "pipeline"} for package in sorted(FUNCTION_GROUPS)
    },
    "handler": {"gateway", "lucky_numbers"},
    "lucky_numbers": set(),
    "orders": {"aws", "gateway", "invocation", "items", "pipeline"},  # Prices come from the items.
    "gateway": {"invocation"},
    "pipeline": {"aws", "invocation"},
    "aws": {"invocation"},
    "invocation": set(),
    "plugins": {"gateway", "lambda_bundle"},
    "lambda_bundle": set(),  # It works for any service.
    "dev": ANYTHING_BUT_TESTS,
    "ops": ANYTHING_BUT_TESTS,
    "bench": ANYTHING_BUT_TESTS,
    "tests": ANYTHING_BUT_TESTS,
}


def first_party_files() -> list[Path]:
    """Return the path of each Python file of this service, relative to the root."""
    tops = [path for path in ROOT.iterdir() if path.name[0] != "." and path.name != "node_modules"]
    nested = [file for top in tops for file in top.rglob("*.py")]
    files = [*ROOT.glob("*.py"), *nested]
    return sorted(file.relative_to(ROOT) for file in files)


FILES = first_party_files()


def module_of(file: Path) -> str:
    """Return the name that a file is imported by."""
    return ".".join(file.with_suffix("").parts)


def package_of(module: str) -> str:
    """Return the package of a module."""
    parts = module.split(".")
    return "lambda_bundle" if parts[:2] == ["plugins", "bundle"] else parts[0]


def imports_of(file: Path) -> Iterator[str]:
    """Yield each module that a file imports by an absolute name, wherever the import stands."""
    for node in ast.walk(ast.parse((ROOT / file).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            # `from lambda_bundle import models` imports lambda_bundle.models.
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def imported_packages(package: str) -> set[str]:
    """Return the other packages that a package imports."""
    files = [file for file in FILES if package_of(module_of(file)) == package]
    packages = {package_of(module) for file in files for module in imports_of(file)}
    return packages & MAY_IMPORT.keys() - {package}


def test_every_python_file_is_in_a_package_of_the_table() -> None:
    assert FILES
    packages = {package_of(module_of(file)) for file in FILES}
    assert packages <= MAY_IMPORT.keys()


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_a_package_imports_only_what_the_table_allows(package: str) -> None:
    assert imported_packages(package) <= MAY_IMPORT[package]


@pytest.mark.parametrize("store", [file for file in FILES if file.name == "store.py"], ids=str)
def test_a_store_knows_nothing_of_http(store: Path) -> None:
    assert "gateway" not in {package_of(module) for module in imports_of(store)}


def test_no_package_imports_itself_through_others() -> None:
    graph = {package: imported_packages(package) for package in MAY_IMPORT}
    assert list(TopologicalSorter(graph).static_order())  # Raises CycleError.
