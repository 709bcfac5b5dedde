"""The clap button in a real browser, against the deployed service."""

import json
import re
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Locator,
    Page,
    Request,
    Route,
    expect,
)

from dev.cloud import HOST
from dev.waiting import wait_until
from tests.support.axe import find_violations
from tests.support.serving import serving
from tests.support.web import call

RNG = Random(__name__)
expect.set_options(timeout=20_000)  # In milliseconds. Retries wait longer after each failure.


class Blog:
    """A page of another origin with a clap button, and a browser context to open it in."""

    def __init__(self, context: BrowserContext, api_url: str) -> None:
        self.context = context
        self.api_url = api_url
        self.slug = f"post-{RNG.getrandbits(64):x}"
        self.sent: list[tuple[str, str]] = []  # The idempotency key and the body of each POST.
        self.html = ""
        context.on("request", self._note)
        self.server = ThreadingHTTPServer((HOST, 0), partial(_BlogHandler, self))
        self.url = f"http://{HOST}:{self.server.server_address[1]}/"

    def open(self, *, attributes: str = "", times: int = 1, stop_clock: bool = False) -> Page:
        """Open the page in a new tab. With `stop_clock`, its time passes only by `page.clock`."""
        self.html = (
            '<!doctype html><html lang="en"><title>A blog</title><main><h1>A post</h1>'
            f'<script type="module" src="{self.api_url}/clap-button.js"></script>'
            + f'<clap-button slug="{self.slug}" {attributes}></clap-button>' * times
            + "</main></html>"
        )
        page = self.context.new_page()
        if stop_clock:
            page.clock.install(time=0)
            page.clock.pause_at(1000)
        page.goto(self.url)
        return page

    def counts(self) -> tuple[int, int]:
        """Return the server's counts: the post's claps, and this viewer's."""
        counts = call(self.api_url + "/claps", "GET", params={"slug": self.slug}).json()
        return counts["claps"], counts["viewerClapCount"]

    def clap_elsewhere(self, claps: int, viewer: str) -> None:
        """Clap for the same post as another viewer."""
        body = {"slug": self.slug, "claps": claps}
        assert call(self.api_url + "/claps", json=body, source=viewer).ok

    def _note(self, request: Request) -> None:
        if request.method == "POST":
            self.sent.append((request.headers["idempotency-key"], request.post_data or ""))

    def claps_sent(self) -> list[int]:
        """Return the claps of each burst that was sent. A retry counts once."""
        return [json.loads(body)["claps"] for body in dict(self.sent).values()]


class _BlogHandler(BaseHTTPRequestHandler):
    def __init__(self, blog: Blog, *arguments: Any) -> None:
        self.blog = blog
        super().__init__(*arguments)

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(self.blog.html.encode())

    def log_message(self, *_arguments: object) -> None:
        """Log nothing."""


@pytest.fixture
def blog(browser: Browser, api_url: str) -> Iterator[Blog]:
    """Return a blog in a new browser context."""
    with browser.new_context() as context:
        blog = Blog(context, api_url)
        with serving(blog.server):
            yield blog


def button(page: Page) -> Locator:
    """Return the clap button of a page."""
    return page.locator("clap-button").get_by_role("button").first


def clap(page: Page, times: int) -> None:
    """Click `times` times without a pause."""
    button(page).evaluate("(button, times) => { while (times--) button.click() }", times)


def name(claps: int, own: int) -> str:
    """Return the accessible name of the button."""
    noun = "clap" if claps == 1 else "claps"
    return f"Clap for this: {claps} {noun}, {f'+{own}' if own else '0'} of 20 by you"


def expect_label(page: Page, claps: int, own: int) -> None:
    """Wait until the button shows these counts."""
    expect(button(page)).to_have_accessible_name(name(claps, own))


def expect_settled(page: Page, claps: int, own: int) -> None:
    """Wait until the server has counted everything and the button shows its counts."""
    noun = "clap" if claps == 1 else "claps"
    status = page.locator("clap-button").get_by_role("status").first
    expect(status).to_have_text(f"{claps} {noun}, {own} of 20 by you")
    assert stored(page) == []


def stored(page: Page) -> list[str]:
    """Return the keys of the page's localStorage."""
    names: list[str] = page.evaluate("Object.keys(localStorage)")
    return names


def test_a_burst_is_shown_at_once_and_sent_as_one_request(blog: Blog) -> None:
    page = blog.open(stop_clock=True)
    expect_label(page, 0, 0)
    clap(page, 7)
    expect_label(page, 7, 7)
    assert blog.sent == []
    page.clock.run_for(500)
    expect_settled(page, 7, 7)
    assert blog.claps_sent() == [7]
    assert blog.counts() == (7, 7)


def test_a_burst_lasts_until_500_ms_after_its_last_click(blog: Blog) -> None:
    page = blog.open(stop_clock=True)
    for _ in range(6):
        clap(page, 1)
        page.clock.run_for(499)
    assert blog.sent == []
    page.clock.run_for(1)
    expect_settled(page, 6, 6)
    assert blog.claps_sent() == [6]


def test_the_server_s_count_replaces_the_optimistic_one(blog: Blog) -> None:
    page = blog.open()
    expect_label(page, 0, 0)
    blog.clap_elsewhere(11, "127.0.113.5")
    clap(page, 2)
    expect_label(page, 2, 2)
    expect_settled(page, 13, 2)


def test_an_event_tells_what_the_server_has_counted(blog: Blog) -> None:
    page = blog.open(times=2)
    page.evaluate(
        """window.told = [];
        addEventListener('clap-counted', ({ detail: { burst, response, counts } }) =>
          told.push([burst.key, burst.slug, burst.claps, response.status, counts]))"""
    )
    clap(page, 2)
    expect_settled(page, 2, 2)
    counts = {"slug": blog.slug, "claps": 2, "viewerClapCount": 2, "limit": 20}
    assert page.evaluate("told") == [[blog.sent[0][0], blog.slug, 2, 200, counts]]


def test_no_event_tells_of_claps_that_are_not_counted(blog: Blog) -> None:
    page = blog.open()
    page.evaluate("window.told = 0; addEventListener('clap-counted', () => { told += 1 })")
    blog.context.route("**/claps", respond(422))
    clap(page, 2)
    expect(button(page)).to_contain_text("not counted")
    assert page.evaluate("told") == 0


def test_the_next_visit_shows_the_server_s_count(blog: Blog) -> None:
    page = blog.open()
    clap(page, 3)
    expect_settled(page, 3, 3)
    expect_label(blog.open(), 3, 3)


def test_the_button_stops_at_the_limit(blog: Blog) -> None:
    page = blog.open()
    clap(page, 50)
    expect_label(page, 20, 20)
    expect(button(page)).to_be_disabled()
    expect(button(page)).to_have_attribute("title", "You gave all 20 claps. Thank you!")
    expect_settled(page, 20, 20)
    clap(page, 1)
    assert blog.claps_sent() == [20]
    assert blog.counts() == (20, 20)


def test_a_burst_over_the_limit_is_cut_to_what_another_tab_left(blog: Blog) -> None:
    page, other = blog.open(), blog.open()
    expect_label(page, 0, 0)
    expect_label(other, 0, 0)
    clap(page, 15)
    expect_settled(page, 15, 15)
    # The 409 response alone must tell it the limit.
    blog.context.route("**/claps?*", lambda route: route.abort())
    clap(other, 9)
    expect_settled(other, 20, 20)
    assert blog.claps_sent() == [15, 9, 5]
    assert blog.counts() == (20, 20)


def test_the_button_works_by_keyboard(blog: Blog) -> None:
    page = blog.open()
    page.keyboard.press("Tab")
    expect(button(page)).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Space")
    expect_settled(page, 2, 2)
    expect(button(page)).to_be_focused()


def test_nothing_is_announced_before_the_first_clap(blog: Blog) -> None:
    blog.clap_elsewhere(4, "127.0.113.5")
    page = blog.open()
    expect_label(page, 4, 0)
    expect(page.locator("clap-button").get_by_role("status")).to_have_text("")


def test_offline_claps_are_sent_when_the_network_is_back(blog: Blog) -> None:
    page = blog.open()
    expect_label(page, 0, 0)
    blog.context.set_offline(True)
    clap(page, 4)
    page.wait_for_event("requestfailed")
    expect_label(page, 4, 4)
    assert len(stored(page)) == 1
    blog.context.set_offline(False)
    expect_settled(page, 4, 4)
    assert blog.claps_sent() == [4]
    assert blog.counts() == (4, 4)


def test_after_a_lost_response_the_request_is_retried_with_the_same_key(blog: Blog) -> None:
    def lose(route: Route) -> None:
        route.fetch()  # The server counts it.
        route.abort()

    page = blog.open()
    blog.context.route("**/claps", lose, times=1)
    clap(page, 5)
    expect_settled(page, 5, 5)
    assert len(blog.sent) == 2
    assert len(set(blog.sent)) == 1
    assert blog.counts() == (5, 5)


def test_retries_back_off(blog: Blog) -> None:
    page = blog.open(stop_clock=True)
    expect_label(page, 0, 0)
    blog.context.route("**/claps", lambda route: route.abort())
    clap(page, 1)
    for _ in range(40):
        page.clock.run_for(500)
        page.wait_for_timeout(50)  # Real time, for the request to fail.
    assert 2 <= len(blog.sent) <= 6
    assert len(set(blog.sent)) == 1


def test_an_idempotent_replay_with_old_counts_does_not_replace_newer_ones(blog: Blog) -> None:
    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    page = blog.open()
    expect_label(page, 0, 0)
    blog.context.route("**/claps", lose, times=1)
    clap(page, 6)
    page.wait_for_event("requestfailed")
    page.close()
    blog.clap_elsewhere(11, "127.0.113.5")
    page = blog.open()
    expect_label(page, 17, 6)
    page.wait_for_function("Object.keys(localStorage).length == 0")
    expect_label(page, 17, 6)
    assert blog.counts() == (17, 6)


def test_invalid_entries_in_the_storage_are_ignored(blog: Blog) -> None:
    page = blog.open()
    expect_label(page, 0, 0)
    page.evaluate("localStorage['clap-button/x'] = '{'; localStorage['clap-button/y'] = 'null'")
    blog.context.route("**/claps", lambda route: route.abort())
    clap(page, 6)
    page.wait_for_event("requestfailed")
    blog.context.unroute("**/claps")
    page.reload()
    page.wait_for_function("Object.keys(localStorage).length == 2")
    expect_label(page, 6, 6)


def test_a_503_is_retried_with_the_same_key(blog: Blog) -> None:
    page = blog.open()
    headers = {"retry-after": "1", "access-control-allow-origin": "*"}
    headers["access-control-expose-headers"] = "retry-after"
    blog.context.route(
        "**/claps", lambda route: route.fulfill(status=503, headers=headers, body="{}"), times=2
    )
    clap(page, 5)
    expect_settled(page, 5, 5)
    assert len(blog.sent) == 3
    assert len(set(blog.sent)) == 1


def test_clicks_during_a_request_belong_to_the_next_burst(blog: Blog) -> None:
    held: list[Route] = []
    page = blog.open(stop_clock=True)
    blog.context.route("**/claps", lambda route: held.append(route), times=1)  # noqa: PLW0108
    clap(page, 2)
    with page.expect_request("**/claps"):
        page.clock.run_for(500)
    clap(page, 3)
    page.clock.run_for(5000)
    assert blog.claps_sent() == [2]
    held[0].continue_()
    expect_settled(page, 5, 5)
    assert blog.claps_sent() == [2, 3]
    assert blog.counts() == (5, 5)


def test_closing_the_page_during_a_burst_loses_no_clap(blog: Blog) -> None:
    page = blog.open()
    expect_label(page, 0, 0)
    clap(page, 6)
    page.close(run_before_unload=False)
    expect_label(blog.open(), 6, 6)
    assert blog.counts() == (6, 6)
    assert blog.claps_sent() in ([6], [])  # Playwright may not see a request of a closed page.


def test_leaving_the_page_during_a_burst_sends_it(blog: Blog) -> None:
    page = blog.open()
    expect_label(page, 0, 0)
    clap(page, 6)
    page.goto("about:blank")
    wait_until(lambda: blog.counts() == (6, 6), blog.counts)
    again = blog.open()
    expect_label(again, 6, 6)
    again.wait_for_function("Object.keys(localStorage).length == 0")
    assert blog.counts() == (6, 6)


def test_unsent_claps_are_sent_on_the_next_visit(blog: Blog) -> None:
    page = blog.open()
    expect_label(page, 0, 0)
    blog.context.route("**/claps", lambda route: route.abort())
    clap(page, 6)
    page.wait_for_event("requestfailed")
    # A closing page sends once more, and Playwright cannot abort that request.
    page.evaluate("() => { window.fetch = () => new Promise(() => {}); }")
    page.close()
    blog.context.unroute("**/claps")
    assert blog.counts() == (0, 0)
    page = blog.open()
    expect_label(page, 6, 6)
    expect(button(page)).to_have_text(re.compile("6"))
    page.wait_for_function("Object.keys(localStorage).length == 0")
    assert blog.counts() == (6, 6)
    assert len(set(blog.sent)) == 1


def test_claps_whose_key_the_server_has_forgotten_are_not_sent(blog: Blog) -> None:
    page = blog.open()
    day_ms = 24 * 3600 * 1000
    for key, days in (("old", 29), ("new", 27)):
        burst = {"key": key + blog.slug, "api": f"{blog.api_url}/", "slug": blog.slug, "claps": 2}
        age = f"Date.now() - {days * day_ms}"
        page.evaluate(
            f"localStorage['clap-button/{key}'] = "
            f"JSON.stringify({{...{json.dumps(burst)}, sealed: true, at: {age}}})"
        )
    page.reload()
    expect_label(page, 2, 2)
    assert blog.counts() == (2, 2)


def test_claps_are_counted_even_if_the_browser_denies_storage(blog: Blog) -> None:
    blog.context.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new Error('denied') } })"
    )
    page = blog.open()
    clap(page, 3)
    status = page.locator("clap-button").get_by_role("status")
    expect(status).to_have_text("3 claps, 3 of 20 by you")
    assert blog.counts() == (3, 3)


def test_two_buttons_of_one_post_show_the_same_counts(blog: Blog) -> None:
    page = blog.open(times=2)
    clap(page, 3)
    second = page.locator("clap-button").nth(1).get_by_role("button")
    expect(second).to_have_accessible_name(name(3, 3))
    expect_settled(page, 3, 3)
    assert blog.claps_sent() == [3]


def test_attributes_set_the_post_and_the_service(blog: Blog) -> None:
    page = blog.open(attributes=f'api="{blog.api_url}"')
    other = blog.slug + "-2"
    page.locator("clap-button").evaluate(
        "(element, slug) => element.setAttribute('slug', slug)", other
    )
    clap(page, 1)
    expect_settled(page, 1, 1)
    assert json.loads(blog.sent[0][1])["slug"] == other


def test_reduced_motion_is_honoured(blog: Blog) -> None:
    page = blog.open()
    page.emulate_media(reduced_motion="reduce")
    assert button(page).evaluate("element => getComputedStyle(element).transitionDuration") == "0s"
    page.emulate_media(reduced_motion="no-preference")
    assert button(page).evaluate("element => getComputedStyle(element).transitionDuration") != "0s"


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_axe_finds_no_accessibility_violation(
    blog: Blog, browser: Browser, api_url: str, colours: Any
) -> None:
    page = blog.open()
    clap(page, 20)
    expect_settled(page, 20, 20)
    assert find_violations(page) == []
    with browser.new_context(color_scheme=colours) as context:
        demo = context.new_page()
        demo.goto(api_url)
        expect(button(demo)).to_have_accessible_name(re.compile("Clap for this"))
        assert find_violations(demo) == []


@pytest.mark.parametrize("slash", ["", "/"])
def test_the_demo_page_works_and_its_console_is_empty(
    browser: Browser, api_url: str, slash: str
) -> None:
    messages: list[str] = []
    with browser.new_context() as context:
        page = context.new_page()
        page.on("console", lambda message: messages.append(message.text))
        page.on("pageerror", lambda error: messages.append(str(error)))
        page.goto(api_url + slash)
        expect(page.locator("#snippet")).to_contain_text(f"{api_url}/clap-button.js")
        before = call(f"{api_url}/claps?slug=an-applause-button", "GET").json()["claps"]
        clap(page, 1)
        status = page.locator("clap-button").get_by_role("status")
        expect(status).to_contain_text(f"{before + 1} clap")
    assert messages == []


def respond(status: int) -> Any:
    """Return what responds with a status to a request of a page."""
    headers = {"access-control-allow-origin": "*"}
    return lambda route: route.fulfill(status=status, headers=headers, body="{}")


@pytest.mark.parametrize("status", [400, 401, 404, 405, 410, 413, 415, 422])
def test_claps_that_no_retry_can_send_are_given_up_and_the_next_click_tries_again(
    blog: Blog, status: int
) -> None:
    blog.clap_elsewhere(4, "127.0.113.5")
    page = blog.open()
    warnings: list[str] = []
    page.on("console", lambda message: warnings.append(message.text))
    expect_label(page, 4, 0)
    blog.context.route("**/claps", respond(status))
    clap(page, 3)
    expect(button(page)).to_contain_text("not counted")
    expect(button(page)).to_have_accessible_name(
        "Clap for this: 4 claps, not counted! 0 of 20 by you"
    )
    announced = page.locator("clap-button").get_by_role("status")
    expect(announced).to_have_text("4 claps, not counted! 0 of 20 by you")
    assert f"clap-button: {blog.api_url}/claps {status}" in warnings
    assert stored(page) == []
    blog.context.unroute("**/claps")
    clap(page, 2)
    expect_settled(page, 6, 2)
    expect(button(page)).not_to_contain_text("not counted")
    assert blog.claps_sent() == [3, 2]
    assert blog.counts() == (6, 2)


@pytest.mark.parametrize("status", [403, 408, 409, 425, 429, 500, 502, 504])
def test_a_response_that_a_retry_may_change_is_retried(blog: Blog, status: int) -> None:
    page = blog.open()
    blog.context.route("**/claps", lambda route: route.fulfill(status=status), times=1)
    clap(page, 2)
    expect_settled(page, 2, 2)
    assert len(blog.sent) == 2
    assert len(set(blog.sent)) == 1


def test_counts_that_could_not_be_read_are_read_with_the_next_click(blog: Blog) -> None:
    blog.clap_elsewhere(4, "127.0.113.5")
    blog.context.route("**/claps?*", respond(404))
    with blog.context.expect_event("response", lambda response: response.status == 404):
        page = blog.open()
    blog.context.unroute("**/claps?*")
    blog.context.route("**/claps", lambda route: route.abort())
    clap(page, 2)
    expect_label(page, 6, 2)


def test_counts_are_read_again_if_no_response_comes(blog: Blog) -> None:
    blog.clap_elsewhere(4, "127.0.113.5")
    held: list[Route] = []
    blog.context.route("**/claps?*", lambda route: held.append(route), times=1)  # noqa: PLW0108
    expect_label(blog.open(), 4, 0)
    assert held
