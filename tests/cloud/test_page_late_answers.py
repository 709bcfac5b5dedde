"""What the page does when an answer is late, or lost: nothing is done twice, the last call wins."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.support.items import list_items
from tests.support.page import Demo, enter_key, open_page, parse_curl, sent_by

# Notes each answer that the form shows, also one that the next replaces at once.
NOTE_ANSWERS = """form => {
  window.answers = [];
  const note = () => answers.push(form.querySelector('.body').textContent);
  new MutationObserver(note).observe(form, { childList: true, subtree: true });
}"""


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


def test_the_order_that_was_asked_for_last_is_followed(page: Page) -> None:
    create, order, follow = (
        Demo(page, name) for name in ("Create an item", "Place an order", "Follow an order")
    )
    create.send("Create")
    expect(order.field("Item")).not_to_have_value("")
    first = order.send("Order").json()["order_id"]
    expect(follow.result).to_have_text("Processed.", timeout=60_000)

    held: list[Route] = []
    page.route(
        "**/orders/*", lambda route: held.append(route) if len(held) < 2 else route.continue_()
    )
    with page.expect_request(f"**/orders/{first}"):
        follow.press("Follow")
    with page.expect_request(lambda request: "/orders/" in request.url):
        second = order.send("Order").json()["order_id"]
    follow.form.evaluate(NOTE_ANSWERS)
    for each in held:  # The first order is processed.
        with page.expect_event("requestfinished"):
            each.continue_()
    expect(follow.result).to_have_text("Processed.", timeout=60_000)
    expect(follow.answer).to_contain_text(second)
    assert [each for each in page.evaluate("answers") if first in each] == []
