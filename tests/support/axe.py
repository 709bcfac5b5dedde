"""The accessibility checker axe (https://github.com/dequelabs/axe-core), in a page of a browser."""

from typing import Any

from playwright.sync_api import Page

from dev.service import ROOT

AXE = (ROOT / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")


def find_violations(page: Page) -> list[tuple[str, list[str]]]:
    """Return the rules that a page breaks, each with the elements that break it."""
    found: list[Any] = page.evaluate(
        f"async () => {{ {AXE}; return (await axe.run()).violations }}"
    )
    return [(each["id"], [node["html"] for node in each["nodes"]]) for each in found]
