"""`POST /items` with an `Idempotency-Key`: over HTTP, and its store through a faulty proxy."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from random import Random
from typing import Any

import pytest

from aws.dynamodb import DynamoDB
from aws.errors import Unavailable
from dev.clients import aws_client
from dev.cloud import Cloud
from dev.functions import function_environment
from dev.service import API_ID
from items.ids import make_id
from items.keys import ItemKeys, KeyReusedError
from items.payload import NewItem
from items.store import ItemStore
from tests.support.faulty_proxy import FAULTS, FaultyProxy, later
from tests.support.items import ANY_VERSION, call_with_key
from tests.support.responses import problem_of
from tests.support.web import call, proxy

RNG = Random(__name__)
NOW = 1_800_000_000.0
BELL: dict[str, Any] = {"name": "Bell", "price": "1.5"}
NEW_BELL, NEW_DRUM = NewItem(name="Bell", price="1.5"), NewItem(name="Drum", price="2")


@pytest.fixture
def url(api_url: str) -> str:
    """Return the URL of the items."""
    return f"{api_url}/items"


@pytest.fixture
def key() -> str:
    """Return an idempotency key that is not in use."""
    return f"{RNG.getrandbits(128):032x}"


def send(url: str, key: str, body: Any = BELL, **headers: str) -> Any:
    """Return the proxy response to a POST with an idempotency key."""
    return proxy(call_with_key(url, json=body, headers={"Idempotency-Key": key} | headers))


def created(response: Any) -> Any:
    """Return what a response says of the new item."""
    assert response["statusCode"] == 201, response
    assert response["headers"]["etag"] == '"1"'
    item = json.loads(response["body"])
    assert item["version"] == 1
    return response["headers"]["location"], item


def count(url: str) -> int:
    """Return the number of items."""
    items, cursor = 0, None
    while True:
        parameters = {"limit": "100"} | ({"cursor": cursor} if cursor else {})
        page = call(url, "GET", params=parameters).json()
        items, cursor = items + len(page["items"]), page["cursor"]
        if not cursor:
            return items


def test_a_repeated_request_gets_the_first_response_and_changes_nothing(url: str, key: str) -> None:
    before, first = count(url), send(url, key)
    assert created(send(url, key)) == created(first)
    assert count(url) == before + 1


def test_requests_with_other_keys_or_none_create_other_items(url: str, key: str) -> None:
    responses = [send(url, key), send(url, key + "2"), *(send(url, key + "3") for _ in range(2))]
    responses += [proxy(call_with_key(url, json=BELL)) for _ in range(2)]
    assert len({created(each)[1]["id"] for each in responses}) == 5


def test_a_replay_gets_the_first_response_after_the_item_was_replaced(url: str, key: str) -> None:
    first = created(send(url, key))
    one, drum = f"{url}/{first[1]['id']}", {"name": "Drum", "price": "2"}
    assert call_with_key(one, "PUT", json=drum, headers={"If-Match": "*"}).ok
    assert created(send(url, key)) == first
    assert call(one, "GET").json().items() >= {"name": "Drum", "version": 2}.items()


def test_a_replay_does_not_bring_back_a_deleted_item(url: str, key: str) -> None:
    first, before = created(send(url, key)), count(url)
    one = f"{url}/{first[1]['id']}"
    assert call_with_key(one, "DELETE").status_code == 204
    assert created(send(url, key)) == first
    assert call(one, "GET").status_code == 404
    assert count(url) == before - 1


@pytest.mark.parametrize(
    "change", [{"name": "Drum"}, {"price": "1.51"}, {"description": ""}, {"description": "1.50"}]
)
def test_a_used_key_with_another_body_is_refused(
    url: str, key: str, change: dict[str, str]
) -> None:
    first, before = created(send(url, key)), count(url)
    problem = problem_of(send(url, key, BELL | change), 422)
    assert problem["errors"] == [{"header": "idempotency-key", "detail": "Used with another body"}]
    assert count(url) == before
    assert created(send(url, key)) == first


def test_bodies_of_equal_items_are_the_same_body(url: str, key: str) -> None:
    first = created(send(url, key))
    for body in ({"price": "1.5", "name": "Bell"}, BELL | {"price": "1.50", "description": None}):
        assert created(send(url, key, body)) == first


def test_a_refused_request_does_not_use_up_its_key(url: str, key: str) -> None:
    problem_of(send(url, key, BELL | {"price": "-1"}), 422)
    created(send(url, key))


@pytest.mark.parametrize("length", [0, 65])
def test_a_key_of_another_length_is_a_bad_request(url: str, key: str, length: int) -> None:
    problem = problem_of(send(url, (key * 3)[:length]), 400, "errors")
    assert [error["header"] for error in problem["errors"]] == ["idempotency-key"]


@pytest.mark.parametrize("length", [1, 64])
def test_a_key_has_1_to_64_characters(url: str, key: str, length: int) -> None:
    # Whoever runs this again uses the same short key, so the body is the same.
    assert created(send(url, (key * 3)[:length])) == created(send(url, (key * 3)[:length]))


def test_repeats_at_once_create_one_item(url: str, key: str) -> None:
    before = count(url)
    with ThreadPoolExecutor(8) as callers:
        responses = list(callers.map(lambda _: send(url, key), range(24)))
    assert len({created(each)[1]["id"] for each in responses}) == 1
    assert count(url) == before + 1


@pytest.fixture
def other_api_key(cloud: Cloud, api_url: str) -> Iterator[str]:
    """Return an API key of another caller."""
    assert api_url
    client = aws_client(cloud, "apigateway")
    value = f"another-key-{RNG.getrandbits(64):x}"
    made = client.create_api_key(name=value, value=value, enabled=True)
    (plan,) = (
        plan["id"]
        for plan in client.get_usage_plans()["items"]
        if any(stage["apiId"] == API_ID for stage in plan["apiStages"])
    )
    client.create_usage_plan_key(usagePlanId=plan, keyId=made["id"], keyType="API_KEY")
    yield value
    client.delete_usage_plan_key(usagePlanId=plan, keyId=made["id"])
    client.delete_api_key(apiKey=made["id"])


def test_a_key_belongs_to_its_caller(url: str, key: str, other_api_key: str) -> None:
    first = created(send(url, key))
    other = created(send(url, key, {"name": "Drum", "price": "2"}, **{"x-api-key": other_api_key}))
    assert other != first
    assert created(send(url, key)) == first


@pytest.fixture(scope="module")
def environment(cloud: Cloud, api_url: str) -> dict[str, str]:
    """Return the environment of the deployed `create_item`."""
    assert api_url
    return function_environment(cloud, "create_item")


@pytest.fixture(scope="module")
def store(dynamodb: DynamoDB, environment: dict[str, str]) -> ItemStore:
    """Return the store of the deployed table, through the faulty proxy."""
    return ItemStore(dynamodb, environment["ITEMS_TABLE"])


@pytest.fixture(scope="module")
def keys(store: ItemStore, environment: dict[str, str]) -> ItemKeys:
    """Return the idempotency keys of the deployed table, through the faulty proxy."""
    return ItemKeys(store, environment["ITEM_KEYS_TABLE"])


@pytest.fixture(scope="module")
def undisturbed(undisturbed_dynamodb: DynamoDB, environment: dict[str, str]) -> ItemKeys:
    """Return the idempotency keys without the faulty proxy."""
    store = ItemStore(undisturbed_dynamodb, environment["ITEMS_TABLE"])
    return ItemKeys(store, environment["ITEM_KEYS_TABLE"])


def create(keys: ItemKeys, key: str, new: NewItem = NEW_BELL, seconds: float = 30) -> Any:
    """Create an item with a key, as another invocation would."""
    item_id = make_id(NOW, RNG.randbytes)
    return keys.create_once("me", key, item_id, new, now=NOW, deadline=later(seconds))


@pytest.mark.parametrize("faults", [[fault] * 2 for fault in FAULTS])
def test_an_item_is_created_once_despite_faults(
    keys: ItemKeys, store: ItemStore, faulty_proxy: FaultyProxy, key: str, faults: list[str]
) -> None:
    faulty_proxy.inject(faults)
    item = create(keys, key)
    faulty_proxy.inject(faults)
    assert create(keys, key) == item == store.get(item.id, later())


@pytest.mark.parametrize("fault", ["conflict", "lost", "cut"])
def test_a_retry_after_somebody_else_s_repeat_gets_the_same_item(
    keys: ItemKeys, undisturbed: ItemKeys, faulty_proxy: FaultyProxy, key: str, fault: str
) -> None:
    others: list[Any] = []
    faulty_proxy.inject([fault, lambda: others.append(create(undisturbed, key))])
    assert [create(keys, key)] == others


def test_a_request_whose_outcome_is_unknown_can_be_repeated(
    keys: ItemKeys, store: ItemStore, faulty_proxy: FaultyProxy, key: str
) -> None:
    faulty_proxy.inject(["cut", *["lost"] * 1000])
    with pytest.raises(Unavailable):
        create(keys, key, seconds=2)
    faulty_proxy.inject([])
    item = create(keys, key)
    assert store.get(item.id, later()) == item
    store.delete(item.id, ANY_VERSION, later())
    assert create(keys, key) == item
    assert store.get(item.id, later()) is None
    with pytest.raises(KeyReusedError):
        create(keys, key, NEW_DRUM)


def test_a_key_is_stored_as_a_hash_for_thirty_days(
    keys: ItemKeys, cloud: Cloud, environment: dict[str, str], template: Any
) -> None:
    item = create(keys, "key-to-happiness")
    client = aws_client(cloud, "dynamodb")
    pages = client.get_paginator("scan").paginate(TableName=environment["ITEM_KEYS_TABLE"])
    records = [record for page in pages for record in page["Items"]]
    assert "key-to-happiness" not in str(records)
    expiry = template["Resources"]["ItemKeysTable"]["Properties"]["TimeToLiveSpecification"]
    assert expiry["Enabled"]
    (record,) = (each for each in records if each["item_id"] == {"S": item.id})
    assert record[expiry["AttributeName"]] == {"N": str(int(NOW) + 30 * 24 * 3600)}
