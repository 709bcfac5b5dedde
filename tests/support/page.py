"""The page in a real browser, for tests: its demos, and what the browser says about it."""

import re
import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Locator, Page, Request, Response, expect

from dev.service import API_KEY

TABS_MAX = 60  # More than the page has controls.


@contextmanager
def open_page(browser: Browser, url: str, **options: Any) -> Iterator[Page]:
    """Open the page in a browser context of its own, which must find no error of the page's.

    The browser also reports each call that fails, which is no error: the page tells it.
    """
    errors: list[str] = []
    with browser.new_context(**options) as context:
        page = context.new_page()
        page.on("console", lambda message: errors.append(message.text))
        page.on("requestfinished", lambda request: errors.extend(missing(request)))
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("dialog", lambda dialog: errors.append(dialog.message))
        page.goto(url)
        clap_button = page.locator("clap-button").get_by_role("button")
        expect(clap_button).to_have_accessible_name(re.compile(r"\d+ claps?,"))  # Has its counts.
        yield page
    assert [each for each in errors if not each.startswith("Failed to load resource")] == []


def missing(request: Request) -> list[str]:
    """Return the URL of a script or style that is not there."""
    response = request.existing_response
    is_file = request.resource_type in ("script", "stylesheet")
    return [request.url] if is_file and response and not response.ok else []


class Demo:
    """One of the page's forms, with its command, its answer and its problem."""

    def __init__(self, page: Page, name: str) -> None:
        self.page = page
        self.form = page.get_by_role("form", name=name, exact=True)
        self.result = self.form.get_by_role("status")
        self.problem = self.form.get_by_role("alert")
        self.answer = self.form.get_by_role("group", name="The answer")

    def field(self, label: str) -> Locator:
        """Return the field with that label."""
        return self.form.locator(f"label:has-text('{label}') :is(input, select)")

    def button(self, name: str) -> Locator:
        """Return the button with that name."""
        return self.form.get_by_role("button", name=name, exact=True)

    def press(self, name: str) -> None:
        """Go to a button by the keyboard alone, and press it."""
        tab_to(self.page, self.button(name))
        self.page.keyboard.press("Enter")

    def send(self, name: str) -> Response:
        """Press a button by the keyboard, and return the response to the request that is sent."""
        with self.page.expect_event("response") as found:
            self.press(name)
        response: Response = found.value
        response.finished()
        return response

    @property
    def command(self) -> str:
        """The command that is shown."""
        return self.form.locator("code.command").inner_text()

    def expect_answer(self, response: Response) -> None:
        """Wait until the answer is shown as it came."""
        expect(self.answer).to_have_text(response.text(), use_inner_text=True)
        expect(self.form.locator(".status b")).to_have_text(
            f"{response.status} {response.status_text}"
        )


def tab_to(page: Page, target: Locator) -> None:
    """Press Tab until an element has the focus."""
    for _ in range(TABS_MAX):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not reach {target}")


def enter_key(page: Page, key: str = API_KEY) -> None:
    """Type the API key."""
    page.get_by_label("API key", exact=True).fill(key)


def parse_curl(command: str) -> dict[str, Any]:
    """Return the URL, the headers and the body that a command sends."""
    name, url, *options = shlex.split(command.replace("\\\n", " "))
    assert name == "curl"
    values = list(zip(options[::2], options[1::2], strict=True))
    headers = dict(value.split(": ", 1) for option, value in values if option == "-H")
    body = next((value for option, value in values if option == "-d"), None)
    assert {option for option, _ in values} <= {"-H", "-d"}
    return {"url": url, "headers": headers, "body": body}


def sent_by(request: Request) -> dict[str, Any]:
    """Return what `parse_curl` returns, of a request of the page."""
    own = ("content-type", "idempotency-key", "x-api-key")
    headers = {name: request.headers[name] for name in own if name in request.headers}
    if "x-api-key" in headers:
        headers["x-api-key"] = "$API_KEY"
    return {"url": request.url, "headers": headers, "body": request.post_data}
