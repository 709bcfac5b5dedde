"""Imports between rooms follow the arrows of this table."""

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from dev.cloud import ROOT

LIBRARIES = {"aws", "gateway", "invocation", "pipeline"}
FUNCTION_GROUPS = {"claps", "hello", "items", "lucky_numbers", "orders", "web"}
TOOLS = {"bench", "dev", "ops", "plugins", "plugins.bundle"}
ANYTHING_BUT_TESTS = LIBRARIES | FUNCTION_GROUPS | TOOLS | {"handler"}
# From each room to the rooms that it may import.
ARROWS: dict[str, set[str]] = {
    "handler": {"gateway", "lucky_numbers"},
    "lucky_numbers": set(),
    "hello": LIBRARIES,
    "claps": LIBRARIES,
    "items": LIBRARIES,
    "orders": LIBRARIES | {"items"},  # Prices come from the catalogue.
    "web": LIBRARIES,
    "gateway": {"invocation"},
    "pipeline": {"aws", "invocation"},
    "aws": set(),
    "invocation": set(),
    "plugins": {"gateway", "plugins.bundle"},
    "plugins.bundle": set(),  # A room of its own: it works for any service.
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


def room_of(module: str) -> str:
    """Return the room that a module lives in."""
    parts = module.split(".")
    return "plugins.bundle" if parts[:2] == ["plugins", "bundle"] else parts[0]


def imports_of(file: Path) -> Iterator[str]:
    """Yield each module that a file imports by an absolute name, wherever the import stands."""
    for node in ast.walk(ast.parse((ROOT / file).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            # `from plugins import bundle` imports plugins.bundle.
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def imported_rooms(room: str) -> set[str]:
    """Return the other rooms that a room imports."""
    files = [file for file in FILES if room_of(module_of(file)) == room]
    rooms = {room_of(module) for file in files for module in imports_of(file)}
    return rooms & ARROWS.keys() - {room}


def test_every_python_file_lives_in_a_room_of_the_table() -> None:
    assert FILES
    rooms = {room_of(module_of(file)) for file in FILES}
    assert rooms <= ARROWS.keys()


@pytest.mark.parametrize("room", ARROWS)
def test_a_room_imports_only_what_the_table_allows(room: str) -> None:
    assert imported_rooms(room) <= ARROWS[room]


@pytest.mark.parametrize("store", [file for file in FILES if file.name == "store.py"], ids=str)
def test_a_store_knows_nothing_of_http(store: Path) -> None:
    assert "gateway" not in {room_of(module) for module in imports_of(store)}


def test_no_room_imports_itself_by_way_of_others() -> None:
    graph = {room: imported_rooms(room) for room in ARROWS}
    assert list(TopologicalSorter(graph).static_order())  # Raises CycleError.
