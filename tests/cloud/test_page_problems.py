"""What the page says when something goes wrong, and what it keeps to itself."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from dev.service import API_KEY, ROOT
from tests.support.page import Demo, enter_key, open_page, parse_curl, sent_by
from tests.support.web import call

KEYED = [("Create an item", "Create"), ("Place an order", "Order"), ("Follow an order", "Follow")]


@pytest.fixture
def page(browser: Browser, api_url: str) -> Iterator[Page]:
    """Return the page, in a new browser context."""
    with open_page(browser, api_url) as page:
        yield page


@pytest.mark.parametrize(("demo", "button"), KEYED)
@pytest.mark.parametrize("key", ["", "a-wrong-key", "☘"])
def test_without_a_valid_key_the_problem_is_told_beside_the_button(
    page: Page, demo: str, button: str, key: str
) -> None:
    enter_key(page, key)
    tried = Demo(page, demo)
    tried.field("Order").fill("x") if demo == "Follow an order" else None
    response = tried.send(button)
    assert response.status == 403
    expect(tried.problem).to_contain_text("403 Invalid API Key. Send a valid API key")
    tried.expect_answer(response)


def test_a_refused_field_is_marked_and_the_problem_links_to_its_type(page: Page) -> None:
    draw = Demo(page, "Draw")
    draw.field("Count").fill("-1")
    response = draw.send("Draw")
    assert response.status == 422
    expect(draw.problem).to_contain_text("/count: Input should be greater than or equal to 0")
    expect(draw.field("Count")).to_have_attribute("aria-invalid", "true")
    expect(draw.field("Count")).to_have_accessible_description(draw.problem.inner_text())
    expect(draw.field("Name")).not_to_have_attribute("aria-invalid", "true")
    link = draw.problem.get_by_role("link", name="What this means")
    about = page.evaluate(
        "([type, url]) => new URL(type, url).href",
        [
            response.json()["type"],
            response.url,
        ],
    )
    expect(link).to_have_attribute("href", about)
    assert call(about, "GET").status_code == 200
    draw.field("Count").fill("2")
    draw.send("Draw")
    expect(draw.problem).to_be_empty()
    expect(draw.field("Count")).not_to_have_attribute("aria-invalid", "true")


def test_a_refused_parameter_is_marked(page: Page) -> None:
    browse = Demo(page, "Browse")
    browse.field("Items a page").fill("101")
    assert browse.send("List items").status == 400
    expect(browse.problem).to_contain_text("limit: Input should be less than or equal to 100")
    expect(browse.field("Items a page")).to_have_attribute("aria-invalid", "true")


def test_a_field_of_an_order_is_marked(page: Page) -> None:
    enter_key(page)
    order = Demo(page, "Place an order")
    assert order.send("Order").status == 422
    expect(order.field("Item")).to_have_attribute("aria-invalid", "true")


def test_too_many_requests_are_told_with_the_time_to_wait(page: Page) -> None:
    problem = {"type": "about:blank", "title": "Too Many Requests", "detail": "Slow down."}
    headers = {"retry-after": "7", "content-type": "application/problem+json"}
    page.route(
        "**/lucky_numbers",
        lambda route: route.fulfill(status=429, headers=headers, body=json.dumps(problem)),
    )
    draw = Demo(page, "Draw")
    draw.press("Draw")
    expect(draw.problem).to_contain_text("429 Too Many Requests. Slow down. Try again in 7 s.")
    assert draw.problem.get_by_role("link").count() == 0


@pytest.mark.parametrize("body", ["", "<p>Bad gateway</p>", "null", '"text"'])
def test_an_answer_that_is_no_problem_document_is_shown_as_it_came(page: Page, body: str) -> None:
    page.route("**/lucky_numbers", lambda route: route.fulfill(status=502, body=body))
    draw = Demo(page, "Draw")
    draw.press("Draw")
    expect(draw.problem).to_contain_text("502")
    expect(draw.answer).to_have_text(body)


@pytest.mark.parametrize("body", ["<p>Log in first</p>", "", "null", '"text"'])
def test_a_200_of_something_else_is_told_and_the_next_try_has_the_same_idempotency_key(
    page: Page, body: str
) -> None:
    enter_key(page)
    create = Demo(page, "Create an item")
    page.route("**/items", lambda route: route.fulfill(status=200, body=body), times=1)
    create.press("Create")
    expect(create.problem).to_contain_text("200 OK. This service did not send the answer")
    expect(create.answer).to_have_text(body)
    expect(create.result).to_be_hidden()
    shown = parse_curl(create.command)
    created = create.send("Create")
    assert sent_by(created.request) == shown
    expect(create.result).to_contain_text("is in the catalogue")


def test_without_a_network_the_page_says_so_and_the_next_try_works(page: Page) -> None:
    draw = Demo(page, "Draw")
    page.context.set_offline(True)
    draw.press("Draw")
    expect(draw.problem).to_have_text("No answer came. Check the network, and try again.")
    expect(draw.answer).to_be_hidden()
    page.context.set_offline(False)
    draw.press("Draw")
    expect(draw.result.get_by_role("listitem")).to_have_count(10)
    expect(draw.problem).to_be_empty()


@pytest.mark.parametrize("type_", ["javascript:alert(1)", "http://[", "//", 5, None])
def test_a_hostile_problem_is_shown_as_text_and_its_link_leads_nowhere(
    page: Page, type_: object
) -> None:
    script = "<img src=x onerror=alert(1)>"
    problem = {"type": type_, "title": script, "detail": script}
    problem |= {"errors": [{"pointer": "/name", "detail": script}]}
    page.route(
        "**/lucky_numbers", lambda route: route.fulfill(status=400, body=json.dumps(problem))
    )
    draw = Demo(page, "Draw")
    draw.press("Draw")
    expect(draw.problem).to_contain_text(f"400 {script}. {script}")
    assert page.locator("main img").count() == 0
    assert draw.problem.get_by_role("link").count() == 0


def test_the_api_key_stays_in_its_field(page: Page) -> None:
    urls: list[str] = []
    page.on("request", lambda request: urls.append(request.url))
    enter_key(page)
    page.keyboard.press("Enter")  # In the field of the key: it is no form to send.
    create = Demo(page, "Create an item")
    assert create.send("Create").status == 201
    kept = page.evaluate(
        "JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])"
    )
    shown = page.locator("html").inner_text()
    assert API_KEY not in "".join([*urls, kept, shown, page.url])
    page.reload()
    expect(page.get_by_label("API key", exact=True)).to_have_value("")


def test_no_file_of_the_page_has_the_key_of_the_local_cloud(api_url: str) -> None:
    assert API_KEY not in call(api_url, "GET").text
    for file in filter(Path.is_file, (ROOT / "web/assets").rglob("*")):
        assert API_KEY not in file.read_text(encoding="utf-8")
