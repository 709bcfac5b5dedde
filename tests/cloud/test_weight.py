"""What the pages weigh on the wire, with all that a browser loads for them, as docs/api.md says."""

import re

import pytest
from playwright.sync_api import Browser, Response, expect

from tests.support.docs import read_page
from web.handler import FILES

TOLERANCE = 0.05  # Another zlib compresses a little more or less.
# By the path of a page, what is on it only once everything is loaded.
LOADED = {"/": "#clap code.command", "/docs": ".opblock", "/openapi.json": "pre"}


@pytest.mark.parametrize("path", LOADED)
def test_the_documentation_states_the_weight_of_each_page(
    browser: Browser, api_url: str, path: str
) -> None:
    weights: dict[str, int] = {}

    def weigh(response: Response) -> None:
        if response.url.removeprefix(api_url) in FILES:
            assert response.headers["content-encoding"] == "gzip"
            weights[response.url] = int(response.headers["content-length"])

    with browser.new_context() as context:
        page = context.new_page()
        page.on("response", weigh)
        page.goto(api_url + path)
        expect(page.locator(LOADED[path]).first).to_be_visible()
    files, kilobytes = read_row(path)
    assert len(weights) == files
    assert sum(weights.values()) / 1000 == pytest.approx(kilobytes, rel=TOLERANCE), weights


def read_row(path: str) -> tuple[int, float]:
    """Return the files and the kilobytes of a page, from the table in docs/api.md."""
    row = re.search(rf"(?m)^\| `{path}`[^|]*\| (\d+) \| ([\d.]+) \|$", read_page("docs/api.md"))
    assert row, f"docs/api.md does not state the weight of {path}."
    return int(row[1]), float(row[2])
