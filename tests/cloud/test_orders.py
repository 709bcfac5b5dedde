"""The contract of `POST /orders` and `GET /orders/{order_id}`, over HTTP."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from random import Random
from typing import Any
from urllib.parse import urljoin

import pytest

from dev.clients import aws_client
from dev.cloud import Cloud
from dev.service import API_ID, API_KEY
from dev.waiting import wait_until
from tests.support.items import call_with_key, create_item
from tests.support.pipeline import deployed_orders
from tests.support.responses import payload_of, problem_of
from tests.support.web import call, preflight, proxy

RNG = Random(__name__)
UUID_5 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
ABSENT = "01a1fac9-840f-7689-96e1-b783bdec023a"
UNKNOWN = "0b8b8a5e-9a3e-5d4f-8a7b-3c1f5f0c7a11"  # The id of no order.


@pytest.fixture
def url(api_url: str) -> str:
    """Return the URL of the orders."""
    return f"{api_url}/orders"


@pytest.fixture
def item(api_url: str) -> Any:
    """Create an item of the catalogue."""
    return create_item(api_url, "Glöckchen ☘", "19.90")


def new_key() -> str:
    """Return an idempotency key that is not in use."""
    return f"{RNG.getrandbits(128):032x}"


def send(url: str, body: Any, key: str | None = None) -> Any:
    """Return the proxy response to a POST with an API key."""
    headers = {"x-api-key": API_KEY} | ({"Idempotency-Key": key} if key is not None else {})
    return proxy(call(url, json=body, headers=headers))


def place(url: str, body: Any, key: str | None = None) -> Any:
    """Return an order, which must be placed."""
    response = send(url, body, key)
    assert response["statusCode"] == 201, response
    return json.loads(response["body"])


def get(url: str, order_id: str) -> Any:
    """Return the proxy response to a GET with an API key."""
    return proxy(call(f"{url}/{order_id}", "GET", headers={"x-api-key": API_KEY}))


def order_body(*lines: tuple[str, int], user: str = "ada") -> Any:
    """Return the body of an order."""
    return {
        "user_id": user,
        "order_items": [{"item_id": item_id, "quantity": count} for item_id, count in lines],
    }


def test_an_order_has_the_catalogue_s_names_and_prices(api_url: str, url: str) -> None:
    bell = create_item(api_url, "Glöckchen ☘", "19.90")
    drum = create_item(api_url, "Drum", "0.05")
    body = order_body((bell["id"], 3), (drum["id"], 100), user="Ada_L-1")
    response = call(url, json=body, headers={"x-api-key": API_KEY})
    assert response.status_code == 201
    order = response.json()
    assert list(order) == [
        "order_id",
        "user_id",
        "order_status",
        "cart_product_status",
        "order_items",
        "order_total",
        "order_date",
    ]
    assert UUID_5.fullmatch(order["order_id"])
    assert TIME.fullmatch(order["order_date"])
    assert urljoin(url, response.headers["location"]) == f"{url}/{order['order_id']}"
    assert order | {"order_id": "", "order_date": ""} == {
        "order_id": "",
        "user_id": "Ada_L-1",
        "order_status": "ORDERED",
        "cart_product_status": "PENDING",
        "order_items": [
            {"item_id": bell["id"], "name": "Glöckchen ☘", "price": "19.90", "quantity": 3},
            {"item_id": drum["id"], "name": "Drum", "price": "0.05", "quantity": 100},
        ],
        "order_total": "64.70",
        "order_date": "",
    }


def test_the_location_of_an_order_is_its_url_even_after_a_slash(url: str, item: Any) -> None:
    headers = {"x-api-key": API_KEY}
    response = call(f"{url}/", json=order_body((item["id"], 1)), headers=headers)
    found = urljoin(f"{url}/", response.headers["location"])
    assert found == f"{url}/{response.json()['order_id']}"
    assert call(found, "GET", headers=headers).status_code == 200


def test_a_placed_order_is_processed(url: str, item: Any) -> None:
    order = place(url, order_body((item["id"], 1)))

    def get_processed() -> Any:
        stored = payload_of(get(url, order["order_id"]))
        return stored["cart_product_status"] == "PROCESSED" and stored

    processed = wait_until(get_processed, lambda: get(url, order["order_id"]))
    assert processed == order | {"cart_product_status": "PROCESSED"}


def test_the_largest_order_is_exact_to_the_cent(api_url: str, url: str) -> None:
    with ThreadPoolExecutor(8) as callers:
        items = list(
            callers.map(lambda _: create_item(api_url, "😀" * 200, "999999.99"), range(50))
        )
    order = place(url, order_body(*((item["id"], 100) for item in items)))
    assert order["order_total"] == "4999999950.00"
    assert get(url, order["order_id"])["statusCode"] == 200


def test_an_idempotent_replay_gets_the_first_response(url: str, item: Any) -> None:
    key, body = new_key(), order_body((item["id"], 2))
    first = send(url, body, key)
    assert first["statusCode"] == 201
    order_id = first["headers"]["location"].removeprefix("orders/")
    wait_until(lambda: "PROCESSED" in get(url, order_id)["body"], lambda: get(url, order_id))
    again = send(url, body, key)
    assert (again["statusCode"], again["body"]) == (201, first["body"])
    assert again["headers"]["location"] == first["headers"]["location"]


@pytest.mark.parametrize("change", ["price", "gone"])
def test_a_replay_gets_the_first_response_after_the_catalogue_has_changed(
    api_url: str, url: str, item: Any, change: str
) -> None:
    key, body = new_key(), order_body((item["id"], 2))
    first = place(url, body, key)
    target = f"{api_url}/items/{item['id']}"
    if change == "price":
        changed = {"name": "Other", "price": "1"}
        assert call_with_key(target, "PUT", json=changed, headers={"If-Match": "*"}).ok
    else:
        assert call_with_key(target, "DELETE").ok
    assert place(url, body, key) == first


def test_users_can_use_the_same_key(url: str, item: Any) -> None:
    key = new_key()
    orders = [place(url, order_body((item["id"], 1), user=user), key) for user in ("ada", "bob")]
    assert orders[0]["order_id"] != orders[1]["order_id"]


def test_without_a_key_every_order_is_a_new_one(url: str, item: Any) -> None:
    body = order_body((item["id"], 1))
    assert place(url, body)["order_id"] != place(url, body)["order_id"]


@pytest.mark.parametrize("other", ["quantity", "item", "more", "order"])
def test_a_used_key_with_another_body_is_refused(
    api_url: str, url: str, item: Any, other: str
) -> None:
    drum, key = create_item(api_url, "Drum", "2"), new_key()
    lines = [(item["id"], 2), (drum["id"], 1)]
    first = place(url, order_body(*lines), key)
    others = {
        "quantity": [(item["id"], 3), lines[1]],
        "item": [lines[1]],
        "more": [*lines, (create_item(api_url)["id"], 1)],
        "order": lines[::-1],
    }
    problem = problem_of(send(url, order_body(*others[other]), key), 422)
    assert problem["errors"] == [{"header": "idempotency-key", "detail": "Used with another body"}]
    assert place(url, order_body(*lines), key) == first


def test_one_order_sent_many_times_at_once_is_placed_once(
    cloud: Cloud, url: str, item: Any
) -> None:
    user, key = f"u{RNG.getrandbits(64):x}", new_key()
    with ThreadPoolExecutor(12) as callers:
        orders = list(
            callers.map(
                lambda _: place(url, order_body((item["id"], 1), user=user), key), range(60)
            )
        )
    assert all(order == orders[0] for order in orders)
    assert keys_of(cloud, user) == [f"ORDER#{orders[0]['order_id']}"]


def keys_of(cloud: Cloud, user: str) -> list[str]:
    """Return the keys of a user's orders, by date."""
    orders = deployed_orders(cloud)
    found = orders.dynamodb.query(
        TableName=orders.table,
        IndexName="GSI1",
        KeyConditionExpression="GSI1PK = :user",
        ExpressionAttributeValues={":user": {"S": f"USER#{user}"}},
    )
    return [item["PK"]["S"] for item in found["Items"]]


def test_the_longest_user_id_and_key_are_accepted(url: str, item: Any) -> None:
    user, key = "Zz9_-" + "a" * 59, new_key() * 2
    assert (len(user), len(key)) == (64, 64)
    assert place(url, order_body((item["id"], 100), user=user), key)["user_id"] == user


def test_a_user_s_orders_are_found_by_date(cloud: Cloud, url: str, item: Any) -> None:
    user = f"u{RNG.getrandbits(64):x}"
    orders = [place(url, order_body((item["id"], 1), user=user)) for _ in range(5)]
    orders.sort(key=lambda order: (order["order_date"], order["order_id"]))
    assert keys_of(cloud, user) == [f"ORDER#{order['order_id']}" for order in orders]


def test_an_order_is_stored_with_its_keys_and_numbers(cloud: Cloud, url: str, item: Any) -> None:
    order = place(url, order_body((item["id"], 2)))
    found = deployed_orders(cloud).get(order["order_id"])
    assert found["GSI1PK"] == {"S": "USER#ada"}
    assert found["GSI1SK"] == {"S": f"ORDER#{order['order_date']}#{order['order_id']}"}
    assert float(found["order_total"]["N"]) == 39.8
    (line,) = found["order_items"]["L"]
    assert line["M"]["quantity"] == {"N": "2"}


def test_every_line_that_cannot_be_ordered_is_named(api_url: str, url: str, item: Any) -> None:
    gone = create_item(api_url)
    call_with_key(f"{api_url}/items/{gone['id']}", "DELETE")
    body = order_body((ABSENT, 1), (item["id"], 1), (gone["id"], 2), (item["id"], 3), (ABSENT, 1))
    problem = problem_of(send(url, body, new_key()), 422)
    assert problem["errors"] == [
        {"pointer": "/order_items/0/item_id", "detail": "There is no such item"},
        {"pointer": "/order_items/2/item_id", "detail": "There is no such item"},
        {"pointer": "/order_items/3/item_id", "detail": "The item is in an earlier line"},
        {"pointer": "/order_items/4/item_id", "detail": "The item is in an earlier line"},
    ]


def test_each_of_fifty_unknown_items_is_named(url: str) -> None:
    body = order_body(
        *((f"01a1fac9-840f-7689-96e1-b783bdec{number:04x}", 1) for number in range(50))
    )
    problem = problem_of(send(url, body), 422)
    assert [error["pointer"] for error in problem["errors"]] == [
        f"/order_items/{number}/item_id" for number in range(50)
    ]


def test_a_refused_order_does_not_use_up_its_key(url: str, item: Any) -> None:
    key = new_key()
    problem_of(send(url, order_body((ABSENT, 1)), key), 422)
    place(url, order_body((item["id"], 1)), key)


LINE = {"item_id": ABSENT, "quantity": 1}


@pytest.mark.parametrize(
    ("members", "pointers"),
    [
        ({"user_id": ""}, ["/user_id"]),
        ({"user_id": "a" * 65}, ["/user_id"]),
        ({"user_id": "a b"}, ["/user_id"]),
        ({"user_id": "ada\n"}, ["/user_id"]),
        ({"user_id": "ädä"}, ["/user_id"]),
        ({"user_id": 1}, ["/user_id"]),
        ({"order_items": []}, ["/order_items"]),
        ({"order_items": [LINE] * 51}, ["/order_items"]),
        ({"order_items": {"0": LINE}}, ["/order_items"]),
        ({"order_items": [{}]}, ["/order_items/0/item_id", "/order_items/0/quantity"]),
        ({"order_items": [LINE | {"quantity": 0}]}, ["/order_items/0/quantity"]),
        ({"order_items": [LINE | {"quantity": 101}]}, ["/order_items/0/quantity"]),
        ({"order_items": [LINE | {"quantity": "1"}]}, ["/order_items/0/quantity"]),
        ({"order_items": [LINE | {"quantity": 1.0}]}, ["/order_items/0/quantity"]),
        ({"order_items": [LINE | {"quantity": True}]}, ["/order_items/0/quantity"]),
        ({"order_items": [LINE | {"item_id": "x"}]}, ["/order_items/0/item_id"]),
        ({"order_items": [LINE | {"price": "0.01"}]}, ["/order_items/0/price"]),
        ({"order_total": "0"}, ["/order_total"]),
    ],
)
def test_a_body_that_does_not_match_the_schema_is_refused(
    url: str, members: Any, pointers: list[str]
) -> None:
    problem = problem_of(send(url, {"user_id": "ada", "order_items": [LINE]} | members), 422)
    assert [error["pointer"] for error in problem["errors"]] == pointers


def test_an_empty_order_is_refused(url: str) -> None:
    problem = problem_of(send(url, {}), 422)
    assert [error["pointer"] for error in problem["errors"]] == ["/user_id", "/order_items"]


@pytest.mark.parametrize("key", ["", "k" * 65])
def test_an_idempotency_key_has_one_to_64_characters(url: str, item: Any, key: str) -> None:
    problem = problem_of(send(url, order_body((item["id"], 1)), key), 400, "errors")
    assert [error["header"] for error in problem["errors"]] == ["idempotency-key"]


@pytest.mark.parametrize("order_id", [UNKNOWN, ABSENT, "42", "%00", "a" * 2000])
def test_an_unknown_order_is_not_found(url: str, order_id: str) -> None:
    problem_of(get(url, order_id), 404)


@pytest.mark.parametrize("key", [{}, {"x-api-key": ""}, {"x-api-key": API_KEY[:-1]}])
def test_without_an_api_key_orders_are_forbidden(url: str, item: Any, key: Any) -> None:
    for response in (
        call(url, json=order_body((item["id"], 1)), headers=key),
        call(f"{url}/{UNKNOWN}", "GET", headers=key),
    ):
        problem_of(proxy(response), 403)
        assert response.headers["access-control-allow-origin"] == "*"


def test_nobody_may_store_what_an_api_key_guards(url: str, item: Any) -> None:
    key = {"x-api-key": API_KEY}
    placed = call(url, json=order_body((item["id"], 1)), headers=key)
    order = call(f"{url}/{placed.json()['order_id']}", "GET", headers=key)
    unknown = call(f"{url}/{UNKNOWN}", "GET", headers=key)
    for response, status in ((placed, 201), (order, 200), (unknown, 404)):
        assert response.status_code == status
        assert response.headers["cache-control"] == "no-store"


def test_too_many_requests_at_once_are_throttled(cloud: Cloud, url: str) -> None:
    client = aws_client(cloud, "apigateway")
    (plan,) = (
        plan
        for plan in client.get_usage_plans()["items"]
        if any(stage["apiId"] == API_ID for stage in plan["apiStages"])
    )

    def limit(rate: float, burst: int) -> None:
        changes = {"/throttle/rateLimit": rate, "/throttle/burstLimit": burst}
        client.update_usage_plan(
            usagePlanId=plan["id"],
            patchOperations=[
                {"op": "replace", "path": path, "value": str(changes[path])} for path in changes
            ],
        )

    # One machine cannot exceed this stage's own limits.
    limit(0.1, 2)
    try:
        responses = [get(url, ABSENT) for _ in range(5)]
    finally:
        limit(plan["throttle"]["rateLimit"], plan["throttle"]["burstLimit"])
    assert {each["statusCode"] for each in responses} == {404, 429}
    problem_of(responses[-1], 429)
    assert responses[-1]["headers"]["access-control-allow-origin"] == "*"
    assert '"status": 429' in cloud.reports.read_text()  # For the terminal of npm start.


def test_a_page_of_another_origin_may_send_both_keys(url: str) -> None:
    response = preflight(url, "POST", "content-type, idempotency-key, x-api-key")
    assert response.ok
    allowed = response.headers["access-control-allow-headers"].lower().split(",")
    assert {"content-type", "idempotency-key", "x-api-key"} <= set(allowed)


def test_an_invalid_order_in_the_table_is_an_internal_server_error(cloud: Cloud, url: str) -> None:
    orders = deployed_orders(cloud)
    order_id = orders.put(order_status={"S": "DRAFT"}, user_id={"S": "hunter 2"})
    problem = problem_of(get(url, order_id), 500)
    log = cloud.reports.read_text()
    assert problem["instance"] in log
    assert "hunter 2" not in log
