"""The API reference in a real browser, for tests."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.support.conformance import OPENAPI

expect.set_options(timeout=20_000)  # In milliseconds.
OPERATIONS = [
    (method, path, operation)
    for path, operations in OPENAPI["paths"].items()
    for method, operation in operations.items()
]


@contextmanager
def open_reference(
    browser: Browser, api_url: str, *, document: Any = None, **options: Any
) -> Iterator[Page]:
    """Open the reference, which must report no error and request only its own origin.

    A `document` takes the place of openapi.json. A failed request, which the browser also reports,
    is no error: the page shows it.
    """
    problems: list[str] = []
    with browser.new_context(**options) as context:
        if document is not None:
            context.route("**/openapi.json", lambda route: route.fulfill(json=document))
        page = context.new_page()
        page.on("console", lambda message: problems.append(message.text))
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("dialog", lambda dialog: problems.append(dialog.message))
        origin = "/".join(api_url.split("/")[:3]) + "/"
        page.on("request", lambda request: problems.extend(_find_foreign(request.url, origin)))
        page.goto(f"{api_url}/docs")
        expect(page.get_by_role("heading", name="Operations", exact=True)).to_be_visible()
        yield page
    assert [each for each in problems if not each.startswith("Failed to load resource")] == []


def serve_as(context: BrowserContext, origin: str, api_url: str) -> None:
    """Serve the API at the root of another origin, as a custom domain does with its `apiPath`."""
    api_path = "/" + api_url.split("/", 3)[3]

    def forward(route: Route) -> None:
        response = route.fetch(url=api_url + route.request.url.removeprefix(origin))
        route.fulfill(response=response, body=response.text().replace(api_path, ""))

    context.route(f"{origin}/**", forward)


def _find_foreign(url: str, origin: str) -> list[str]:
    return [] if url.startswith((origin, "data:")) else [f"requested {url}"]


class Operation:
    """An operation of the page, by its id."""

    def __init__(self, page: Page, name: str) -> None:
        self.page = page
        self.block = page.locator(f".opblock[id$='-{name}']")
        self.toggle = self.block.locator(".opblock-summary-control")
        self.execute = self.block.get_by_role("button", name="Execute", exact=True)
        self.answer = self.block.locator(".live-responses-table .response")

    def open(self) -> "Operation":
        """Show it, and return it."""
        if self.toggle.get_attribute("aria-expanded") == "false":
            self.toggle.click()
        expect(self.execute).to_be_visible()
        return self

    def expect_answer(self, status: int, text: str) -> None:
        """Wait until a response is shown, with this text in its body."""
        expect(self.answer.locator(".response-col_status")).to_contain_text(str(status))
        expect(self.answer.locator(".highlight-code, .microlight").first).to_contain_text(text)


def open_all(page: Page) -> None:
    """Show every operation."""
    for _, _, operation in OPERATIONS:
        Operation(page, operation["operationId"]).open()
