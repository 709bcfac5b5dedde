"""Whether everybody can use the page: accessibility, small screens, large text, copy buttons."""

from functools import partial
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from dev.waiting import wait_until
from tests.support.axe import find_violations
from tests.support.page import Demo, open_page

WIDER = "document.documentElement.scrollWidth > innerWidth"


def use(page: Page) -> None:
    """Use the page until it shows results, answers and problems."""
    draw, browse = Demo(page, "Draw"), Demo(page, "Browse")
    draw.field("Name").fill("A name without a space " + "m" * 200)
    draw.send("Draw")
    expect(draw.result.get_by_role("listitem")).to_have_count(10)
    browse.send("List items")
    expect(browse.answer).to_be_visible()
    create = Demo(page, "Create an item")
    create.field("Price").fill("free")
    assert create.send("Create").status == 403
    expect(create.problem).to_be_visible()


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_axe_finds_no_accessibility_violation(browser: Browser, api_url: str, colours: Any) -> None:
    with open_page(browser, api_url, color_scheme=colours, reduced_motion="reduce") as page:
        assert find_violations(page) == []
        use(page)
        assert find_violations(page) == []


@pytest.mark.parametrize(("width", "text_size"), [(320, "100%"), (640, "200%"), (1280, "200%")])
def test_nothing_is_cut_off_on_a_phone_or_with_large_text(
    browser: Browser, api_url: str, width: int, text_size: str
) -> None:
    with open_page(browser, api_url, viewport={"width": width, "height": 640}) as page:
        page.evaluate("size => { document.documentElement.style.fontSize = size }", text_size)
        use(page)
        assert not page.evaluate(WIDER)


def test_reduced_motion_is_honoured(browser: Browser, api_url: str) -> None:
    animation = "element => getComputedStyle(element).animationName"
    for preference, expected in (("reduce", "none"), ("no-preference", "appear")):
        options: Any = {"reduced_motion": preference}
        with open_page(browser, api_url, **options) as page:
            draw = Demo(page, "Draw")
            draw.send("Draw")
            number = draw.result.get_by_role("listitem").first
            assert number.evaluate(animation) == expected


def test_the_copy_buttons_copy_what_is_beside_them(browser: Browser, api_url: str) -> None:
    with open_page(browser, api_url, permissions=["clipboard-read", "clipboard-write"]) as page:
        buttons = page.get_by_role("button", name="Copy")
        code = page.locator("pre:has(.copy) code")
        assert buttons.count() == code.count() > 0
        for button, expected in zip(buttons.all(), code.all_text_contents(), strict=True):
            button.press("Enter")
            expect(page.locator("#copying")).to_have_text("Copied")
            expect_copied(page, expected)
        snippet = f'<script type="module" src="{api_url}/clap-button.js"></script>'
        page.get_by_role("button", name="Copy the HTML").press("Enter")
        expect_copied(page, f'{snippet}\n\n<clap-button slug="my-post"></clap-button>')


def expect_copied(page: Page, text: str) -> None:
    """Wait until the clipboard has a text."""
    copied = partial(page.evaluate, "navigator.clipboard.readText()")
    wait_until(lambda: copied() == text, copied)


def test_without_permission_to_copy_the_code_is_selected(browser: Browser, api_url: str) -> None:
    with open_page(browser, api_url) as page:
        page.evaluate("navigator.clipboard.writeText = () => Promise.reject(); null")
        draw = Demo(page, "Draw")
        draw.form.get_by_role("button", name="Copy").press("Enter")
        expect(page.locator("#copying")).to_contain_text("Selected")
        assert page.evaluate("`${getSelection()}`") == draw.command


@pytest.mark.parametrize("slash", ["", "/"])
def test_the_page_links_to_the_reference_and_the_document(
    browser: Browser, api_url: str, slash: str
) -> None:
    with open_page(browser, api_url + slash) as page:
        links = page.get_by_role("navigation").get_by_role("link")
        urls = links.evaluate_all("links => links.map((link) => link.href)")
        assert urls == [f"{api_url}/", f"{api_url}/docs", f"{api_url}/openapi.json"]
        Demo(page, "Draw").send("Draw")
