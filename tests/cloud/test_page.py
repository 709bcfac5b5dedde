"""The page's demos in a real browser, by the keyboard alone, against the deployed service."""

import json
import os
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from dev.service import API_KEY
from tests.support.items import call_with_key, create_item
from tests.support.page import Demo, enter_key, open_page, parse_curl, sent_by, tab_to

HOSTILE = [
    "'; echo pwned; '",
    '$(echo pwned) `echo pwned` "$HOME" \\ ! #',
    "@/etc/hostname",
    "<img src=x onerror=alert(1)>",
    "[1-3]{a,b} %0a ?&=+ ☘ ß",
]


@pytest.fixture
def page(browser: Browser, api_url: str) -> Iterator[Page]:
    """Return the page, in a new browser context."""
    with open_page(browser, api_url) as page:
        yield page


def run(command: str) -> str:
    """Run a command as a reader who has set API_KEY, and return its output."""
    environment = {**os.environ, "API_KEY": API_KEY, "no_proxy": "*"}
    shell = ["sh", "-c", command]
    result = subprocess.run(
        shell, env=environment, capture_output=True, text=True, timeout=60, check=True
    )
    return result.stdout


def test_one_key_press_draws_numbers(page: Page) -> None:
    draw = Demo(page, "Draw")
    response = draw.send("Draw")
    draw.expect_answer(response)
    expect(draw.result).to_contain_text("Hi, 'SILENTBYTE'. Your lucky numbers are:")
    shown = draw.result.get_by_role("listitem").all_inner_texts()
    assert list(map(int, shown)) == response.json()["numbers"]
    assert len(shown) == 10
    expect(draw.button("Draw")).to_be_focused()


def test_enter_in_a_field_sends_it(page: Page) -> None:
    draw = Demo(page, "Draw")
    tab_to(page, draw.field("Count"))
    page.keyboard.type("3")
    page.keyboard.press("Enter")
    expect(draw.result.get_by_role("listitem")).to_have_count(3)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_command_sends_what_the_page_sends_and_runs_with_any_input(page: Page, name: str) -> None:
    draw = Demo(page, "Draw")
    draw.field("Name").fill(name)
    before = draw.command
    response = draw.send("Draw")
    assert draw.command == before
    assert parse_curl(before) == sent_by(response.request)
    assert json.loads(run(before))["message"] == response.json()["message"]
    assert response.json()["message"].startswith(f"Hi, '{name.upper()}'.")
    expect(draw.result).to_contain_text(name.upper())


@pytest.mark.parametrize("slug", ["the-page", *HOSTILE])
def test_claps_are_counted_and_read(page: Page, slug: str) -> None:
    claps = Demo(page, "Claps")
    claps.field("Post").fill(slug)
    response = claps.send("Get the claps")
    claps.expect_answer(response)
    assert parse_curl(claps.command) == sent_by(response.request)
    assert run(claps.command) == response.text()
    expect(claps.result).to_have_text("0 claps, 0 by you")


def test_the_command_of_a_clap_is_what_the_button_sends_and_gets_the_same_answer(
    page: Page,
) -> None:
    group = page.get_by_role("group", name="Clap", exact=True)
    command = group.locator("code.command")
    assert json.loads(run(command.inner_text()))["slug"] == "an-applause-button"
    button = group.get_by_role("button", name="Clap for this")
    with page.expect_response("**/claps") as found:
        for _ in range(2):
            button.press("Enter")
    response = found.value
    expect(group.locator(".status b")).to_have_text("200 OK")
    expect(group.locator(".body")).to_have_text(response.text(), use_inner_text=True)
    assert parse_curl(command.inner_text()) == sent_by(response.request)
    assert run(command.inner_text()) == response.text()
    assert json.loads(str(response.request.post_data))["claps"] == 2


def test_a_catalogue_with_hostile_names_is_browsed_page_by_page_as_text(
    page: Page, api_url: str
) -> None:
    created = {create_item(api_url, name)["id"] for name in HOSTILE}
    browse = Demo(page, "Browse")
    browse.field("Items a page").fill("2")
    seen: dict[str, Any] = {}
    response = browse.send("List items")
    while True:
        browse.expect_answer(response)
        items = response.json()["items"]
        names = browse.result.get_by_role("listitem").locator("span:first-child")
        assert names.all_text_contents() == [each["name"] for each in items]
        seen |= {each["id"]: each for each in items}
        assert parse_curl(browse.command) == sent_by(response.request)
        assert run(browse.command) == response.text()
        if not response.json()["cursor"]:
            break
        response = browse.send("Next page")
    expect(browse.button("Next page")).to_be_hidden()
    assert created <= seen.keys()
    assert page.locator("main img").count() == 0
    values = (
        Demo(page, "Place an order")
        .field("Item")
        .locator("option")
        .evaluate_all("options => options.map((option) => option.value)")
    )
    assert set(values) == seen.keys() | {""}


def test_an_item_is_created_ordered_and_followed_until_it_is_processed(
    page: Page, api_url: str
) -> None:
    enter_key(page)
    create, order, follow = (
        Demo(page, name) for name in ("Create an item", "Place an order", "Follow an order")
    )
    create.field("Name").fill(HOSTILE[0])
    created = create.send("Create")
    create.expect_answer(created)
    expect(create.form).to_contain_text(f"location: items/{created.json()['id']}")
    assert parse_curl(create.command) == sent_by(created.request)
    assert run(create.command) == created.text()  # It has the same idempotency key.

    tab_to(page, order.field("Quantity"))
    page.keyboard.type("2")
    placed = order.send("Order")
    order.expect_answer(placed)
    assert placed.json()["order_items"][0]["item_id"] == created.json()["id"]
    assert parse_curl(order.command) == sent_by(placed.request)
    assert run(order.command) == placed.text()
    expect(order.result).to_have_text("Ordered, for 7.00 in total.")

    expect(follow.result).to_have_text("Processed.", timeout=60_000)
    path = f"{api_url}/orders/{placed.json()['order_id']}"
    assert parse_curl(follow.command)["url"] == path
    expect(follow.answer).to_have_text(call_with_key(path, "GET").text, use_inner_text=True)
    assert run(follow.command) == call_with_key(path, "GET").text
