"""Each table of `npm run bench` needs one place in the pages."""

import subprocess
from pathlib import Path

import pytest

from bench.pages import find_page
from dev.service_copy import ServiceCopy

PLACE = "<!-- npm run bench writes speed from here -->\n\nold\n\n<!-- to here -->\n"


@pytest.mark.parametrize(("text", "count"), [("", 0), (PLACE * 2, 2)])
def test_a_missing_or_repeated_place_is_an_error(text: str, count: int, tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(text)
    with pytest.raises(LookupError, match=f"Found {count} places"):
        find_page("speed", [page])


def test_a_missing_place_is_found_before_anything_is_measured(tmp_path: Path) -> None:
    folder = ServiceCopy(tmp_path).folder
    page = folder / "docs" / "orders.md"
    page.write_text(page.read_text(encoding="utf-8").replace("npm run bench writes orders", ""))
    result = subprocess.run(
        [".venv/bin/python", "-m", "bench"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert result.stdout == ""
    assert "LookupError: Found 0 places" in result.stderr
