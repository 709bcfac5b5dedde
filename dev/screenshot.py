"""`npm run screenshot`: takes the pictures of the pages, light and dark, for the docs."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, FloatRect, Page

from dev.browser import open_browser
from dev.cloud import Cloud
from dev.ports import any_free_port
from dev.service import API_ID, ROOT, STAGE
from dev.service_copy import ServiceCopy

IMAGES = ROOT / "docs" / "images"
WIDTH, HEIGHT = 780, 900  # In CSS pixels.
SCALE = 2
COLOURS: tuple[Literal["light", "dark"], ...] = ("light", "dark")
CLAPS = 7
MARGIN, BORDER = 24, 2


def draw(page: Page) -> None:
    """Draw lucky numbers."""
    page.get_by_role("button", name="Draw").click()
    page.locator(".numbers").wait_for()


def try_first_call(page: Page) -> None:
    """Make the call that the reference shows open."""
    page.get_by_role("button", name="Execute").click()
    page.locator(".live-responses-table").wait_for()


def wait_for_files(page: Page) -> None:
    """Wait until everything is loaded."""
    page.wait_for_load_state("networkidle")


# By the name of the picture: the page's path, and what to do before the picture is taken.
PAGES: dict[str, tuple[str, Callable[[Page], None]]] = {
    "page": ("", draw),
    "reference": ("/docs", try_first_call),
    "problem": ("/problems/precondition-failed", wait_for_files),
}


def main() -> None:
    """Deploy to a local cloud, and take each picture."""
    with Cloud(any_free_port()) as cloud, tempfile.TemporaryDirectory() as folder:
        ServiceCopy(Path(folder)).run(cloud, "deploy")
        url = cloud.api_url(API_ID, STAGE)
        with open_browser() as browser:
            for colours in COLOURS:
                for name, (path, prepare) in PAGES.items():
                    page = open_page(browser, url + path, colours)
                    prepare(page)
                    save(page, f"{name}-{colours}")
            take_clap_button(open_page(browser, url, "light"))


def open_page(browser: Browser, url: str, colours: Literal["light", "dark"]) -> Page:
    """Open a page in a browser context of its own."""
    page = browser.new_page(
        viewport={"width": WIDTH, "height": HEIGHT}, device_scale_factor=SCALE, color_scheme=colours
    )
    page.goto(url)
    return page


def save(page: Page, name: str) -> None:
    """Take the picture of what a page shows at its top."""
    go_to_top(page)
    page.screenshot(path=IMAGES / f"{name}.png", animations="disabled")


def go_to_top(page: Page) -> None:
    """Undo what clicking does: it moves the mouse, and may scroll the page."""
    page.mouse.move(0, 0)
    page.evaluate("scrollTo(0, 0)")


def take_clap_button(page: Page) -> None:
    """Clap, and take the picture of the clap button for docs/claps.md."""
    button = page.locator("clap-button").get_by_role("button")
    for _ in range(CLAPS):
        button.click()
    status = page.locator("clap-button [role=status]")
    status.filter(has_text=f"{CLAPS} claps").wait_for(state="attached")
    go_to_top(page)
    top, end = (find_box(page, selector) for selector in ("h2:text('Clap')", ".applause"))
    height = end["y"] + end["height"] + MARGIN - top["y"]
    clip: FloatRect = {"x": 0, "y": top["y"] + BORDER, "width": WIDTH, "height": height - BORDER}
    page.screenshot(
        path=IMAGES / "clap-button.png", animations="disabled", full_page=True, clip=clip
    )


def find_box(page: Page, selector: str) -> FloatRect:
    """Return where an element is."""
    box = page.locator(selector).bounding_box()
    assert box
    return box


if __name__ == "__main__":
    main()
