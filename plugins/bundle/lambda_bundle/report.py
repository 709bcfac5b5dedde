"""The report on artifacts for people: a line for each function, and one for each note on it."""

from collections.abc import Iterable
from typing import Any

NAMES_MAX = 3  # That a line has, of libraries or modules.


def format_report(results: Iterable[dict[str, Any]]) -> str:
    """Return the report on what `make_bundles` returned."""
    return "\n".join(line for each in results for line in _describe(each))


def _describe(result: dict[str, Any]) -> Iterable[str]:
    if "left" in result:
        yield f"{result['function']}: as packaged, not bundled: {result['left']}"
        return
    sizes = f"{_megabytes(result['zipped'])} zipped, {_megabytes(result['unzipped'])} unzipped"
    compiled = f"compiled models: {_name_some(result['compiled']) or 'none'}"
    yield f"{result['function']}: {sizes}, {result['modules']} modules, {compiled}"
    if left_out := sorted(result["left_out"], key=lambda each: -each["unzipped"]):
        names = _name_some([each["name"] for each in left_out])
        size_bytes = sum(each["unzipped"] for each in left_out)
        yield f"  left out: {names} ({_megabytes(size_bytes)})"
    for each in result["kept"]:
        yield f"  kept {_format_note(each)}"
    for each in result["warnings"]:
        yield f"  warning, {_format_note(each)}"


def _name_some(names: list[str]) -> str:
    more = f" and {len(names) - NAMES_MAX} more" if len(names) > NAMES_MAX else ""
    return ", ".join(names[:NAMES_MAX]) + more


def _format_note(note: dict[str, str]) -> str:
    return f"{note['what']}: {note['why']} {note['advice']}".rstrip()


def _megabytes(size_bytes: int) -> str:
    return f"{size_bytes / 1e6:.2f} MB"
