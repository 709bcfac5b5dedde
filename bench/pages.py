"""The places in README.md and docs/ that `npm run bench` fills: each between two comments."""

import re
from collections.abc import Iterable
from pathlib import Path

from dev.service import ROOT

CHART = ROOT / "docs" / "images" / "coldstart.svg"
END = "<!-- to here -->"


def find_pages() -> list[Path]:
    """Return the paths of README.md and of every page in docs/."""
    return [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def find_page(name: str, pages: Iterable[Path]) -> Path:
    """Return the page that has the place for the table of that name.

    Raises:
        LookupError: there is no such place, or more than one.
    """
    texts = {page: page.read_text(encoding="utf-8") for page in pages}
    found = [page for page, text in texts.items() for _ in _place(name).findall(text)]
    if len(found) != 1:
        raise LookupError(
            f"Found {len(found)} places between {_begin(name)} and {END} in the pages; there must "
            "be one."
        )
    return found[0]


def write_table(name: str, table: str, pages: Iterable[Path]) -> None:
    """Write a table to its place in one of the pages, instead of the one that is there.

    Raises:
        LookupError: there is no such place, or more than one.
    """
    page = find_page(name, pages)
    filled = f"{_begin(name)}\n\n{table}\n\n{END}"
    text = page.read_text(encoding="utf-8")
    # A function, because `sub` would read backslashes in a string as escapes.
    page.write_text(_place(name).sub(lambda _: filled, text), encoding="utf-8")


def _begin(name: str) -> str:
    return f"<!-- npm run bench writes {name} from here -->"


def _place(name: str) -> re.Pattern[str]:
    return re.compile(f"{re.escape(_begin(name))}.*?{re.escape(END)}", re.DOTALL)
