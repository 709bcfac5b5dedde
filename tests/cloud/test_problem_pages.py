"""The pages of problems in a real browser."""

import json
import subprocess
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from dev.cloud import Cloud
from tests.support.axe import find_violations
from tests.support.problems import PAGES

NAMES = sorted(path.stem for path in PAGES.glob("*.html"))
PHONE = {"width": 320, "height": 640}


def open_page(page: Page, api_url: str, name: str) -> list[str]:
    """Open the page of a type; return what its console has."""
    messages: list[str] = []
    page.on("console", lambda message: messages.append(message.text))
    page.on("pageerror", lambda error: messages.append(str(error)))
    page.goto(f"{api_url}/problems/{name}")
    expect(page.locator("#api")).to_have_count(0)  # The script has run.
    return messages


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_every_page_fits_a_phone_and_axe_finds_no_violation(
    browser: Browser, api_url: str, colours: Any
) -> None:
    with browser.new_context(color_scheme=colours, viewport=PHONE) as context:  # type: ignore[arg-type]
        for name in NAMES:
            page = context.new_page()
            assert open_page(page, api_url, name) == []
            assert find_violations(page) == [], name
            width = page.evaluate("document.documentElement.scrollWidth")
            assert width <= PHONE["width"], name
            page.close()


def test_a_page_shows_a_command_that_calls_the_service_it_comes_from(
    browser: Browser, api_url: str, cloud: Cloud
) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        open_page(page, api_url, "unprocessable-content")
        command = page.locator("pre.command").inner_text()
        assert page.locator("h1").inner_text() == page.title() == "Unprocessable Content"
    done = subprocess.run(
        ["bash", "-euc", command],
        env=cloud.environment(),
        capture_output=True,
        check=True,
    )
    assert json.loads(done.stdout)["title"] == "Unprocessable Content"


def test_without_scripts_a_page_says_what_its_command_lacks(browser: Browser, api_url: str) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{api_url}/problems/bad-request")
        expect(page.locator("pre.command")).to_have_text('curl "$API/claps"')
        expect(page.locator("#api")).to_contain_text("$API is the URL of this service")
