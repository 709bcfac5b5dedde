"""The places in the README and docs/ that `npm run bench` fills: each between two comments."""

import re
from collections.abc import Iterable
from pathlib import Path

from dev.cloud import ROOT

CHART = ROOT / "docs" / "images" / "coldstart.svg"
END = "<!-- to here -->"


def find_pages() -> list[Path]:
    """Return the README and every page of docs/."""
    return [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def write_table(name: str, table: str, pages: Iterable[Path]) -> None:
    """Replace what is between the comments of that name, in the page that has them.

    Raises:
        LookupError: not exactly one place has that name.
    """
    begin = f"<!-- npm run bench writes {name} from here -->"
    place = re.compile(f"{re.escape(begin)}.*?{re.escape(END)}", re.DOTALL)
    texts = {page: page.read_text(encoding="utf-8") for page in pages}
    found = [page for page, text in texts.items() for _ in place.findall(text)]
    if len(found) != 1:
        raise LookupError(f"{len(found)} pages have {begin} … {END}; exactly one must.")
    (page,) = found
    filled = f"{begin}\n\n{table}\n\n{END}"
    # A function, since a string would have its backslashes read as escapes.
    page.write_text(place.sub(lambda _: filled, texts[page]), encoding="utf-8")
