"""The API reference in a real browser, and the OpenAPI document over HTTP."""

import copy
import json
import zipfile
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, expect

from dev.service import API_KEY, ROOT
from tests.support.axe import find_violations
from tests.support.conformance import OPENAPI
from tests.support.items import create_item
from tests.support.page import tab_to
from tests.support.reference import (
    OPERATIONS,
    Operation,
    open_all,
    open_reference,
    serve_as,
)
from tests.support.web import call

LIBRARY = ROOT / "node_modules/swagger-ui-dist"
KEY_FIELD = "API key (x-api-key)"
# Each would call `hacked` if it were taken for code.
HOSTILE = [
    "<script>hacked()</script>",
    "<img src=x onerror=hacked()>",
    "<svg onload=hacked()>",
    "[link](javascript:hacked())",
    '"><iframe srcdoc="<script>parent.hacked()</script>">',
]


def test_the_openapi_document_is_served_as_it_is_committed(api_url: str) -> None:
    response = call(f"{api_url}/openapi.json", "GET")
    assert response.headers["content-type"] == "application/json"
    assert response.content == (ROOT / "openapi.json").read_bytes()
    assert response.headers["access-control-allow-origin"] == "*"


def test_swagger_ui_is_served_as_published_with_its_licence(api_url: str) -> None:
    for name, published in {
        "swagger-ui-bundle.js": "swagger-ui-bundle.js",
        "swagger-ui-bundle.js.LICENSE.txt": "swagger-ui-bundle.js.LICENSE.txt",
        "swagger-ui.css": "swagger-ui.css",
        "swagger-ui-LICENSE.txt": "LICENSE",
    }.items():
        response = call(f"{api_url}/assets/{name}", "GET")
        assert response.content == (LIBRARY / published).read_bytes()
    _, notice = (LIBRARY / "NOTICE").read_text(encoding="utf-8").splitlines()
    assert notice in call(f"{api_url}/docs", "GET").text


def test_only_the_web_function_ships_swagger_ui(build: Path) -> None:
    shipping = []
    for path in (build / "bundle").glob("*.zip"):
        with zipfile.ZipFile(path) as archive:
            if any("swagger-ui" in name or name == "openapi.json" for name in archive.namelist()):
                shipping.append(path.stem)
    assert shipping == ["get_asset"]


def test_every_operation_is_shown(browser: Browser, api_url: str) -> None:
    with open_reference(browser, api_url) as page:
        expect(page.locator(".opblock")).to_have_count(len(OPERATIONS))
        for method, path, operation in OPERATIONS:
            toggle = Operation(page, operation["operationId"]).toggle
            expect(toggle.locator(".opblock-summary-method")).to_have_text(method.upper())
            expect(toggle.locator(".opblock-summary-path")).to_have_attribute("data-path", path)
            expect(toggle).to_contain_text(operation["summary"])


def test_the_first_call_works_by_keyboard_alone(browser: Browser, api_url: str) -> None:
    with open_reference(browser, api_url) as page:
        draw = Operation(page, "luckyNumbers")
        tab_to(page, draw.execute)
        page.keyboard.press("Enter")
        draw.expect_answer(200, "Hi, 'SILENTBYTE'. Your lucky numbers are:")


def test_an_operation_opens_and_closes_by_keyboard(browser: Browser, api_url: str) -> None:
    with open_reference(browser, api_url) as page:
        hello = Operation(page, "hello")
        tab_to(page, hello.toggle)
        for key, expanded in (("Enter", "true"), ("Space", "false")):
            page.keyboard.press(key)
            expect(hello.toggle).to_have_attribute("aria-expanded", expanded)


def test_the_api_key_is_entered_once_and_without_it_the_problem_is_shown(
    browser: Browser, api_url: str
) -> None:
    item = create_item(api_url)
    with open_reference(browser, api_url) as page:
        place, get = Operation(page, "placeOrder").open(), Operation(page, "getOrder").open()
        body = {"user_id": "ada", "order_items": [{"item_id": item["id"], "quantity": 1}]}
        place.block.get_by_label("Idempotency-Key").fill(str(uuid4()))
        place.block.get_by_label("Request body").fill(json.dumps(body))
        place.execute.click()
        place.expect_answer(403, "Invalid API Key")
        page.get_by_label(KEY_FIELD).fill(API_KEY)
        place.execute.click()
        place.expect_answer(201, "ORDERED")
        get.execute.click()
        get.expect_answer(404, "Not Found")
        page.get_by_label(KEY_FIELD).fill("")
        get.execute.click()
        get.expect_answer(403, "Invalid API Key")


def test_the_api_key_is_not_stored(browser: Browser, api_url: str) -> None:
    with open_reference(browser, api_url) as page:
        page.get_by_label(KEY_FIELD).fill(API_KEY)
        stored = "JSON.stringify([localStorage, sessionStorage]) + document.cookie + location.href"
        assert API_KEY not in page.evaluate(stored)
        page.reload()
        expect(page.get_by_label(KEY_FIELD)).to_have_value("")


@pytest.mark.parametrize(("colours", "width"), [("light", 1280), ("dark", 1280), ("light", 360)])
def test_axe_finds_no_accessibility_violation(
    browser: Browser, api_url: str, colours: Any, width: int
) -> None:
    options: Any = {"color_scheme": colours, "viewport": {"width": width, "height": 640}}
    with open_reference(browser, api_url, **options) as page:
        assert find_violations(page) == []
        open_all(page)
        for name in ("luckyNumbers", "getOrder"):
            operation = Operation(page, name)
            operation.execute.click()
            expect(operation.answer).to_be_visible()
        assert find_violations(page) == []


@pytest.mark.parametrize(("colours", "paper"), [("light", (255, 254, 251)), ("dark", (27, 27, 29))])
def test_the_colours_follow_the_system(
    browser: Browser, api_url: str, colours: Any, paper: tuple[int, int, int]
) -> None:
    with open_reference(browser, api_url, color_scheme=colours) as page:
        expect(page.locator("body")).to_have_css("background-color", f"rgb{paper}")
        field = Operation(page, "luckyNumbers").block.get_by_label("Request body")
        expect(field).to_have_css("background-color", f"rgb{paper}")


def test_nothing_is_wider_than_a_phone(browser: Browser, api_url: str) -> None:
    with open_reference(browser, api_url, viewport={"width": 360, "height": 640}) as page:
        open_all(page)
        draw = Operation(page, "luckyNumbers")
        draw.execute.click()
        draw.expect_answer(200, "SILENTBYTE")
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")


@pytest.mark.parametrize("path", ["/docs", "/docs/"])
def test_the_reference_works_at_the_root_of_a_custom_domain(
    browser: Browser, api_url: str, path: str
) -> None:
    origin = "http://api.example"
    with browser.new_context() as context:
        serve_as(context, origin, api_url)
        requested: list[str] = []
        context.on("request", lambda request: requested.append(request.url))
        page = context.new_page()
        page.goto(origin + path)
        draw = Operation(page, "luckyNumbers")
        draw.execute.click()
        draw.expect_answer(200, "SILENTBYTE")
        assert f"{origin}/lucky_numbers" in requested
        # Also of a host that others can reach, nothing tells anybody.
        assert [url for url in requested if not url.startswith((f"{origin}/", "data:"))] == []


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_strings_of_a_document_and_of_a_response_are_no_code(
    browser: Browser, api_url: str, hostile: str
) -> None:
    document = copy.deepcopy(OPENAPI)
    document["info"] |= {"title": hostile, "description": hostile}
    document["tags"][0]["description"] = hostile
    draw = document["paths"]["/lucky_numbers"]["post"]
    draw |= {"summary": hostile, "description": hostile}
    draw["responses"]["200"] |= {"description": hostile}
    draw["requestBody"]["content"]["application/json"]["example"] = {"name": hostile, "count": 2}
    with open_reference(browser, api_url, document=document) as page:
        operation = Operation(page, "luckyNumbers")
        expect(page.get_by_role("heading", level=1)).to_contain_text(hostile)
        expect(operation.toggle).to_contain_text(hostile)
        operation.execute.click()
        operation.expect_answer(200, "Your lucky numbers are:")
        code = "#reference :is(script, iframe, [onerror], [onload], [href^='javascript:' i])"
        expect(page.locator(code)).to_have_count(0)
