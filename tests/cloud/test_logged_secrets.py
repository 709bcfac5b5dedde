"""Nothing that a caller sends is in a log: no body, no key, no address, whatever fails."""

import json
import re
from typing import Any

import pytest

from dev.clients import aws_client
from dev.cloud import Cloud
from dev.functions import function_environment, function_name
from dev.service import API_KEY
from dev.terminal import describe
from dev.waiting import wait_until
from tests.support.conformance import OPENAPI
from tests.support.functions import FUNCTIONS, Function
from tests.support.items import create_item
from tests.support.pipeline import Orders, deployed_orders, reason_of
from tests.support.web import call

MARK = "swordfish"  # Which no other test sends to this cloud.
ADDRESS, SOURCE = "203.0.113.77", "127.0.0.77"
SECRETS = [MARK, API_KEY, ADDRESS, SOURCE]
ITEM_ID = "01a1fac9-840f-7689-96e1-b783bdec023b"
HEADERS = {
    "authorization": f"Bearer {MARK}",
    "cookie": f"session={MARK}",
    "idempotency-key": MARK,
    "if-match": f'"{MARK}"',
    "if-none-match": f'"{MARK}"',
    "referer": f"https://example.com/{MARK}",
    "user-agent": MARK,
    "x-api-key": API_KEY,
    "x-forwarded-for": ADDRESS,
}
MARKED: dict[str, Any] = {"name": MARK, "price": MARK, "slug": MARK, "user_id": MARK, MARK: MARK}
BODIES = [json.dumps(MARKED), f'{{"{MARK}', f'"{MARK}"', f"[{MARK}]"]
VALID: dict[str, Any] = {
    "/lucky_numbers": {"name": MARK, "count": 2},
    "/claps": {"slug": MARK, "claps": 1},
    "/items": {"name": MARK, "price": "1", "description": MARK},
}
# Besides each operation of openapi.json.
READS = [
    f"/assets/style.css?{MARK}={MARK}",
    f"/problems/{MARK}.html",
    f"/problems/not-found?{MARK}={MARK}",
    f"/hello?first_name={MARK}",
    f"/claps?slug={MARK}",
    f"/claps?slug={MARK}&slug={MARK}2",
    f"/items?cursor={MARK}",
    f"/items?limit={MARK}",
]


def send(url: str, method: str = "POST", **options: Any) -> Any:
    """Send a request with all of the secrets in its headers."""
    return call(url, method, headers=HEADERS, source=SOURCE, **options)


def call_every_route(api_url: str) -> None:
    """Call routes with and without success."""
    for path, operations in OPENAPI["paths"].items():
        url = f"{api_url}{re.sub(r'{.+?}', MARK, path)}?{MARK}={MARK}"
        for method in operations:
            assert send(url, method.upper(), json=MARKED).status_code < 500
    for path in READS:
        assert send(api_url + path, "GET").status_code < 500
    for path, body in VALID.items():
        assert send(api_url + path, json=body).status_code in (200, 201)
        assert send(api_url + path, json={**body, "price": MARK}).status_code in (200, 422)
    for path in (*VALID, "/orders"):
        for text in BODIES:
            assert send(api_url + path, data=text).status_code in (400, 422)
    one = f"{api_url}/items/{create_item(api_url, MARK)['id']}"
    assert send(one, "PUT", json=VALID["/items"]).status_code == 412
    assert send(one, "DELETE").status_code == 412


def break_the_tables(cloud: Cloud, api_url: str) -> None:
    """Have functions find what no function stores: unexpected errors, and dead letters."""
    dynamodb = aws_client(cloud, "dynamodb")
    items = function_environment(cloud, "get_item")["ITEMS_TABLE"]
    key = {"pk": {"S": ITEM_ID}, "sk": {"S": ITEM_ID}}
    odd = {"name": {"SS": [MARK]}, "price": {"N": "1"}, "description": {"S": MARK}}
    dynamodb.put_item(TableName=items, Item={**key, **odd, "version": {"N": "1"}})
    order = {"user_id": MARK, "order_items": [{"item_id": ITEM_ID, "quantity": 1}]}
    assert send(f"{api_url}/items/{ITEM_ID}", "GET").status_code == 500
    assert send(f"{api_url}/items?limit=100", "GET").status_code == 500
    assert send(f"{api_url}/orders", json=order).status_code == 500
    dynamodb.delete_item(TableName=items, Key=key)
    orders = deployed_orders(cloud)
    orders.put(user_id={"S": f"{MARK}!"}, order_date={"S": MARK})
    orders.sqs.send_message(QueueUrl=orders.queue, MessageBody=BODIES[0])
    for queue in (orders.stream_dead_letters, orders.dead_letters):
        letter = wait_for_letter(orders, queue)
        assert MARK in letter["body"]
        assert MARK not in reason_of(letter)


def wait_for_letter(orders: Orders, queue: str) -> Any:
    """Take the dead letters of a queue, once there are any, and return the first."""
    letters: list[Any] = []

    def has_letters() -> bool:
        letters[:] = orders.drain(queue)
        return bool(letters)

    wait_until(has_letters, lambda: f"nothing is in {queue}")
    return letters[0]


@pytest.fixture(scope="module")
def _used(cloud: Cloud, api_url: str) -> None:
    call_every_route(api_url)
    break_the_tables(cloud, api_url)


def check(text: str) -> None:
    """Check that a text has no secret."""
    assert [each for each in SECRETS if each in text] == []


@pytest.mark.usefixtures("_used")
@pytest.mark.parametrize("function", FUNCTIONS, ids=str)
def test_no_function_logs_what_a_caller_sends(cloud: Cloud, function: Function) -> None:
    logs = aws_client(cloud, "logs")
    group = f"/aws/lambda/{function_name(function.name)}"
    pages = logs.get_paginator("filter_log_events").paginate(logGroupName=group)
    lines = [event["message"] for page in pages for event in page["events"]]
    assert any('"duration_ms"' in line for line in lines)
    check("\n".join(lines))


@pytest.mark.usefixtures("_used")
def test_the_terminal_shows_only_the_path_of_what_a_caller_sends(cloud: Cloud) -> None:
    reports = cloud.reports.read_text(encoding="utf-8")
    check(reports)
    check("\n".join(describe(json.loads(line)) for line in reports.splitlines()))
    check(cloud.log.read_text(encoding="utf-8"))
