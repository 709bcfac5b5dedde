"""What the page does when an answer is late, or lost: nothing is done twice, the last call wins."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from dev.browser import open_browser
from tests.support.items import list_items
from tests.support.page import Demo, enter_key, open_page, parse_curl, sent_by


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Open the browser."""
    with open_browser() as browser:
        yield browser


@pytest.fixture
def page(browser: Browser, api_url: str) -> Iterator[Page]:
    """Return the page, in a new browser context, with the API key."""
    with open_page(browser, api_url) as page:
        enter_key(page)
        yield page


def lose(route: Route) -> None:
    """Let the server do it, and lose the answer."""
    route.fetch()
    route.abort()


def test_each_call_has_a_new_idempotency_key_unless_the_last_outcome_is_unknown(
    page: Page, api_url: str
) -> None:
    create = Demo(page, "Create an item")
    name = f"Once {uuid4()}"
    create.field("Name").fill(name)
    page.route("**/items", lose, times=1)
    create.press("Create")
    expect(create.problem).to_contain_text("No answer came")
    lost = parse_curl(create.command)
    retried = create.send("Create")
    assert sent_by(retried.request) == lost
    again = create.send("Create")
    assert again.json()["id"] != retried.json()["id"]
    assert len([each for each in list_items(api_url) if each["name"] == name]) == 2


def test_an_order_whose_answer_was_lost_is_placed_once_whatever_the_reader_did_since(
    page: Page,
) -> None:
    browse, order = Demo(page, "Browse"), Demo(page, "Place an order")
    Demo(page, "Create an item").send("Create")
    expect(order.field("Item")).not_to_have_value("")
    page.route("**/orders", lose, times=1)
    order.press("Order")
    expect(order.problem).to_contain_text("No answer came")
    lost = order.command
    order.field("Quantity").fill("2")
    assert order.command.replace('"quantity":2', '"quantity":1') != lost  # It has another key.
    order.field("Quantity").fill("1")
    browse.send("List items")
    expect(browse.result.get_by_role("listitem").first).to_be_visible()
    assert order.command == lost
    assert sent_by(order.send("Order").request) == parse_curl(lost)
