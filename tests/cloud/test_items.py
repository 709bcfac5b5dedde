"""The contract of the items, over HTTP: no update is lost, and no item is listed twice."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from random import Random
from typing import Any
from urllib.parse import urljoin

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)

from dev.service import API_KEY
from dev.waiting import wait_until
from tests.support.items import call_with_key, list_items
from tests.support.responses import problem_of
from tests.support.web import call, preflight, proxy

RNG = Random(__name__)
UUID_7 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
ABSENT = "01a1fac9-840f-7689-96e1-b783bdec023a"
BELL = {"name": "Bell", "price": "1.50"}
# More than a condition of DynamoDB can hold.
TAGS = ", ".join(f'"{version}"' for version in range(300, 0, -1))  # That of version 1 is last.
OTHER_TAGS = ", ".join(f'"{version}"' for version in range(2, 302))


@pytest.fixture
def url(api_url: str) -> str:
    """Return the URL of the items."""
    return f"{api_url}/items"


def create(url: str, body: Any = BELL) -> Any:
    """Return a new item."""
    response = call_with_key(url, json=body)
    assert response.status_code == 201, response.text
    return response.json()


def replace(url: str, item_id: str, body: Any = BELL, *, if_match: str | None = '"1"') -> Any:
    """Return the proxy response to a PUT."""
    headers = {} if if_match is None else {"If-Match": if_match}
    return proxy(call_with_key(f"{url}/{item_id}", "PUT", json=body, headers=headers))


def get(url: str, item_id: str) -> Any:
    """Return an item, which must exist."""
    response = call(f"{url}/{item_id}", "GET")
    assert response.status_code == 200, response.text
    return response.json()


def pages(url: str, limit: int | None = None) -> list[list[str]]:
    """Return the ids of all items, page by page."""
    ids, parameters = [], {} if limit is None else {"limit": str(limit)}
    while True:
        response = call(url, "GET", params=parameters)
        assert response.status_code == 200, response.text
        page = response.json()
        assert list(page) == ["items", "cursor"]
        ids.append([item["id"] for item in page["items"]])
        if page["cursor"] is None:
            return ids
        parameters["cursor"] = page["cursor"]


def test_a_new_item_has_an_id_and_version_1(url: str) -> None:
    response = call_with_key(url, json={"name": "Löwe", "price": "3", "description": "A lion"})
    assert response.status_code == 201
    item = response.json()
    assert list(item) == ["id", "name", "price", "description", "version"]
    assert UUID_7.fullmatch(item["id"])
    assert item == {
        "id": item["id"],
        "name": "Löwe",
        "price": "3.00",
        "description": "A lion",
        "version": 1,
    }
    assert response.headers["etag"] == '"1"'
    assert response.headers["access-control-expose-headers"] == "etag, location"


@pytest.mark.parametrize("end", ["", "/", "?", "/?a=b/", "//"])
def test_the_location_of_a_new_item_is_its_url(url: str, end: str) -> None:
    response = call_with_key(url + end, json=BELL)
    assert response.status_code == 201
    found = urljoin(url + end, response.headers["location"])
    assert call(found, "GET").json() == response.json()
    if end in ("", "/"):
        assert found == f"{url}/{response.json()['id']}"


def test_an_item_has_its_version_as_etag(url: str) -> None:
    item = create(url)
    response = call(f"{url}/{item['id']}", "GET")
    assert response.json() == item == BELL | {"id": item["id"], "description": None, "version": 1}
    assert response.headers["etag"] == '"1"'


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"If-None-Match": '"1"'}, 304),
        ({"If-None-Match": 'W/"1"'}, 304),
        ({"If-None-Match": '"0", "1"'}, 304),
        ({"If-None-Match": "*"}, 304),
        ({"If-None-Match": '"2"'}, 200),
        ({"If-None-Match": "1"}, 200),
        ({"If-Match": '"1"'}, 200),
        ({"If-Match": "*"}, 200),
        ({"If-Match": '"1"', "If-None-Match": '"1"'}, 304),
        ({"If-Match": '"2"'}, 412),
        ({"If-Match": 'W/"1"'}, 412),
        ({"If-Match": '"2"', "If-None-Match": '"1"'}, 412),
        ({"If-Match": "1"}, 400),
    ],
)
def test_a_read_evaluates_its_preconditions(url: str, headers: Any, status: int) -> None:
    response = call(f"{url}/{create(url)['id']}", "GET", headers=headers)
    assert response.status_code == status
    assert response.headers.get("etag") == ('"1"' if status < 400 else None)


@pytest.mark.parametrize("key", [{}, {"x-api-key": ""}, {"x-api-key": API_KEY[:-1]}])
def test_without_an_api_key_items_can_be_read_and_not_changed(url: str, key: Any) -> None:
    item = create(url)
    one = f"{url}/{item['id']}"
    for response in (
        call(url, json=BELL, headers=key),
        call(one, "PUT", json=BELL, headers={"If-Match": "*"} | key),
        call(one, "DELETE", headers=key),
    ):
        problem_of(proxy(response), 403)
    assert call(one, "GET", headers=key).json() == item
    assert call(url, "GET", headers=key).ok


def test_a_replacement_raises_the_version_by_one(url: str) -> None:
    item = create(url, BELL | {"description": "Rings"})
    response = replace(url, item["id"], {"name": "Drum", "price": "2"})
    assert response["statusCode"] == 200
    assert response["headers"]["etag"] == '"2"'
    drum = {"name": "Drum", "price": "2.00", "description": None}
    assert get(url, item["id"]) == {"id": item["id"], **drum, "version": 2}


@pytest.mark.parametrize(
    "if_match", ["*", '"1"', '"7", "1"', '"x" , W/"3", "1"', '"1",', ', ,"1"', TAGS]
)
def test_if_match_names_the_version_to_replace(url: str, if_match: str) -> None:
    item = create(url)
    assert replace(url, item["id"], if_match=if_match)["statusCode"] == 200
    assert get(url, item["id"])["version"] == 2


def test_a_replacement_without_if_match_is_refused(url: str) -> None:
    item = create(url)
    problem_of(replace(url, item["id"], if_match=None), 428)
    assert get(url, item["id"]) == item


@pytest.mark.parametrize(
    "if_match",
    [
        *('"2"', 'W/"1"', '"01"', '"x"', '""', '"1.0"', '"-1"', '"9" , "8"', f'"{"9" * 40}"'),
        *("", ",", OTHER_TAGS),
    ],
)
def test_a_replacement_of_another_version_is_refused(url: str, if_match: str) -> None:
    item = create(url)
    problem_of(replace(url, item["id"], if_match=if_match), 412)
    assert get(url, item["id"]) == item


@pytest.mark.parametrize("name", ["If-Match", "If-None-Match"])
@pytest.mark.parametrize("value", ["1", '"1', '"1 "', '"1" "2"', "* , *"])
def test_an_invalid_precondition_of_a_write_is_a_bad_request(
    url: str, name: str, value: str
) -> None:
    item = create(url)
    headers = {"If-Match": "*", name: value}
    for method, path, body in (("PUT", item["id"], BELL), ("DELETE", item["id"], None)):
        response = call_with_key(f"{url}/{path}", method, json=body, headers=headers)
        problem = problem_of(proxy(response), 400, "errors")
        assert [error["header"] for error in problem["errors"]] == [name.lower()]
    assert get(url, item["id"]) == item


def test_an_invalid_precondition_is_found_before_any_other_mistake(url: str) -> None:
    problem = problem_of(replace(url, "x", {}, if_match="1"), 400, "errors")
    assert [error["header"] for error in problem["errors"]] == ["if-match"]


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
@pytest.mark.parametrize(
    ("if_none_match", "is_done"),
    [
        ("*", False),
        ('"1"', False),
        ('W/"1"', False),
        (TAGS, False),
        ('"2"', True),
        ('"x"', True),
        (OTHER_TAGS, True),
        ("", True),
    ],
)
def test_a_write_evaluates_if_none_match(
    url: str, method: str, if_none_match: str, *, is_done: bool
) -> None:
    item = create(url)
    one = f"{url}/{item['id']}"
    headers = {"If-None-Match": if_none_match} | ({"If-Match": '"1"'} if method == "PUT" else {})
    response = call_with_key(one, method, json=BELL if method == "PUT" else None, headers=headers)
    if not is_done:
        problem_of(proxy(response), 412)
        assert get(url, item["id"]) == item
    elif method == "PUT":
        assert response.json()["version"] == 2
    else:
        assert call(one, "GET").status_code == 404


def test_a_precondition_of_an_item_that_does_not_exist_is_404(url: str) -> None:
    for headers in ({"If-Match": "*"}, {"If-None-Match": "*"}, {"If-Match": TAGS}):
        problem_of(proxy(call_with_key(f"{url}/{ABSENT}", "DELETE", headers=headers)), 404)
        both = {"If-Match": "*", **headers}
        problem_of(proxy(call_with_key(f"{url}/{ABSENT}", "PUT", json=BELL, headers=both)), 404)


def test_an_item_is_deleted_once(url: str) -> None:
    item = create(url)
    response = call_with_key(f"{url}/{item['id']}", "DELETE")
    assert (response.status_code, response.content) == (204, b"")
    assert response.headers["access-control-allow-origin"] == "*"
    for method in ("DELETE", "GET"):
        problem_of(proxy(call_with_key(f"{url}/{item['id']}", method)), 404)
    problem_of(replace(url, item["id"], if_match="*"), 404)


def test_only_the_version_that_if_match_names_is_deleted(url: str) -> None:
    item = create(url)
    stale = call_with_key(f"{url}/{item['id']}", "DELETE", headers={"If-Match": '"2"'})
    problem_of(proxy(stale), 412)
    assert get(url, item["id"]) == item
    assert (
        call_with_key(f"{url}/{item['id']}", "DELETE", headers={"If-Match": '"1"'}).status_code
        == 204
    )


@pytest.mark.parametrize(
    "path",
    [
        ABSENT,
        ABSENT.upper(),
        ABSENT[:-1],
        ABSENT + "0",
        ABSENT.replace("-7", "-4"),
        f"{{{ABSENT}}}",
        f"%20{ABSENT}",
        f"{ABSENT}%0A",
        f"{ABSENT[:-1]}%2F",
        "a%2Fb",
        "%2e%2e",
        "null",
        "0",
    ],
)
def test_any_other_id_is_not_found(url: str, path: str) -> None:
    problem_of(proxy(call(f"{url}/{path}", "GET")), 404)
    problem_of(proxy(call_with_key(f"{url}/{path}", "DELETE")), 404)
    problem_of(replace(url, path), 404)


@pytest.mark.parametrize("price", ["0", "0.0", "0.01", "9.9", "999999.99", "1000000", "1000000.00"])
def test_a_price_has_up_to_two_decimals(url: str, price: str) -> None:
    stored = create(url, {"name": "Bell", "price": price})["price"]
    assert re.fullmatch(r"\d+\.\d\d", stored)
    assert float(stored) == float(price)


@pytest.mark.parametrize(
    "price",
    [
        *("1.999", "1e3", "1E3", "-0", "-1", "+1", "NaN", "Infinity", "", " 1", "1 ", "1\n"),
        *("1.", ".5", "01", "1_000", "1,5", "1000000.01", "1000001", "\u0663", "\uff15", "0x1"),
        *(1, 1.5, 0, True, None, [], {}),
    ],
)
def test_a_price_that_is_not_a_plain_decimal_string_is_refused(url: str, price: Any) -> None:
    problem = problem_of(proxy(call_with_key(url, json={"name": "Bell", "price": price})), 422)
    assert [error["pointer"] for error in problem["errors"]] == ["/price"]


@pytest.mark.parametrize(
    ("change", "pointers"),
    [
        ({"name": ""}, ["/name"]),
        ({"name": "a" * 201}, ["/name"]),
        ({"name": 1}, ["/name"]),
        ({"description": "a" * 2001}, ["/description"]),
        ({"description": 1}, ["/description"]),
        ({"id": ABSENT}, ["/id"]),
        ({"version": 7, "Name": "a"}, ["/version", "/Name"]),
    ],
)
def test_a_body_that_does_not_match_the_schema_is_refused(
    url: str, change: Any, pointers: list[str]
) -> None:
    item = create(url)
    for response in (
        proxy(call_with_key(url, json=BELL | change)),
        replace(url, item["id"], BELL | change),
    ):
        problem = problem_of(response, 422)
        assert [error["pointer"] for error in problem["errors"]] == pointers
    assert get(url, item["id"]) == item


def test_the_longest_item_is_stored_unchanged(url: str) -> None:
    body = {"name": "😀" * 200, "price": "0.10", "description": "ß" * 2000}
    assert get(url, create(url, body)["id"]).items() >= body.items()


def test_pages_cover_each_item_once(url: str) -> None:
    ids = {create(url)["id"] for _ in range(30)}
    for limit in (1, 7, 100):
        listed = [item_id for page in pages(url, limit) for item_id in page]
        assert len(listed) == len(set(listed))
        assert ids <= set(listed)
        assert all(len(page) == limit for page in pages(url, limit)[:-1])
    assert len(pages(url)[0]) == 25


@pytest.mark.parametrize(
    "limit",
    [
        "0",
        "101",
        "-1",
        "",
        "1.0",
        "1e1",
        "+5",
        " 5",
        "1_0",
        "05",
        "\u0663",
        "\uff15",
        "x",
        "9" * 30,
    ],
)
def test_a_limit_that_is_not_an_integer_from_1_to_100_is_a_bad_request(
    url: str, limit: str
) -> None:
    problem = problem_of(proxy(call(url, "GET", params={"limit": limit})), 400, "errors")
    assert [error["parameter"] for error in problem["errors"]] == ["limit"]


def test_pages_that_are_consistent_have_every_item_that_was_created_before(
    api_url: str, url: str
) -> None:
    ids = {create(url)["id"] for _ in range(3)}
    assert ids <= {item["id"] for item in list_items(api_url)}


@pytest.mark.parametrize("value", ["", "1", "True", "yes"])
def test_consistent_is_true_or_false(url: str, value: str) -> None:
    problem = problem_of(proxy(call(url, "GET", params={"consistent": value})), 400, "errors")
    assert [error["parameter"] for error in problem["errors"]] == ["consistent"]
    assert call(url, "GET", params={"consistent": "false"}).ok


def test_an_unknown_parameter_is_a_bad_request(url: str) -> None:
    problem = problem_of(proxy(call(f"{url}?offset=3", "GET")), 400, "errors")
    assert [error["parameter"] for error in problem["errors"]] == ["offset"]


def test_a_cursor_cannot_be_forged(url: str) -> None:
    items = [create(url)["id"] for _ in range(2)]
    cursor = call(url, "GET", params={"limit": "1"}).json()["cursor"]
    assert re.fullmatch(r"[\w-]{43}", cursor)
    forged = ["", "x", cursor[:-1], cursor + "A", cursor + "=", cursor.lower(), *items]
    forged += [
        cursor[:place] + ("A" if cursor[place] != "A" else "B") + cursor[place + 1 :]
        for place in range(len(cursor))
    ]
    with ThreadPoolExecutor(8) as callers:
        responses = list(
            callers.map(lambda each: proxy(call(url, "GET", params={"cursor": each})), forged)
        )
    for response in responses:
        problem = problem_of(response, 400, "errors")
        assert [error["parameter"] for error in problem["errors"]] == ["cursor"]


def test_concurrent_replacements_lose_no_update(url: str) -> None:
    item_id = create(url)["id"]

    def add_one(number: int) -> int:
        """Return the attempts that it took, each with the current version."""
        for attempt in range(1, 1000):
            item = get(url, item_id)
            body = {"name": "Tally", "price": "0", "description": f"{item['description']} {number}"}
            response = replace(url, item_id, body, if_match=f'"{item["version"]}"')
            if response["statusCode"] == 200:
                return attempt
            problem_of(response, 412)
        raise AssertionError

    with ThreadPoolExecutor(8) as writers:
        attempts = list(writers.map(add_one, range(200)))

    tally = get(url, item_id)
    assert tally["version"] == 1 + len(attempts)
    written = [int(number) for number in tally["description"].split()[1:]]
    assert sorted(written) == list(range(200))


def test_concurrent_replacements_of_one_of_many_versions_each_get_a_version(url: str) -> None:
    item_id = create(url)["id"]
    with ThreadPoolExecutor(8) as writers:
        responses = list(writers.map(lambda _: replace(url, item_id, if_match=TAGS), range(40)))
    assert [response["statusCode"] for response in responses] == [200] * 40
    versions = {json.loads(response["body"])["version"] for response in responses}
    assert versions == set(range(2, 42))


class Catalogue(RuleBasedStateMachine):
    """The items and a model of them, with concurrent writers and lists in between."""

    url: str

    @initialize()
    def begin(self) -> None:
        """Begin with an empty model."""
        self.model: dict[str, Any] = {}

    def pick(self, data: st.DataObject) -> str:
        """Return the id of an item of the model, or of none."""
        return str(data.draw(st.sampled_from([*self.model, ABSENT])))

    @rule(name=st.sampled_from(["Bell", "Löwe"]), cents=st.integers(0, 99))
    def create(self, name: str, cents: int) -> None:
        """Create an item."""
        item = create(self.url, {"name": name, "price": f"1.{cents:02}"})
        self.model[item["id"]] = item

    @rule(data=st.data())
    def get(self, data: st.DataObject) -> None:
        """Get an item."""
        item_id = self.pick(data)
        response = call(f"{self.url}/{item_id}", "GET")
        assert response.status_code == (200 if item_id in self.model else 404)
        if item_id in self.model:
            assert response.json() == self.model[item_id]

    @rule(data=st.data(), behind=st.integers(0, 2), writers=st.integers(1, 4))
    def replace(self, data: st.DataObject, behind: int, writers: int) -> None:
        """Replace an item by several writers at once, with its version or an older one."""
        item_id = self.pick(data)
        item = self.model.get(item_id, {"version": 1})
        tag = f'"{item["version"] - behind}"'
        bodies = [{"name": f"Writer {number}", "price": "2"} for number in range(writers)]
        with ThreadPoolExecutor(writers) as pool:
            responses = list(
                pool.map(lambda body: replace(self.url, item_id, body, if_match=tag), bodies)
            )
        statuses = sorted(response["statusCode"] for response in responses)
        if item_id not in self.model:
            assert statuses == [404] * writers
        elif behind:
            assert statuses == [412] * writers
        else:
            assert statuses == [200] + [412] * (writers - 1)
            self.model[item_id] = get(self.url, item_id)
            assert self.model[item_id]["version"] == item["version"] + 1
            winner = [response["statusCode"] for response in responses].index(200)
            assert self.model[item_id]["name"] == f"Writer {winner}"

    @rule(data=st.data(), behind=st.none() | st.integers(0, 1))
    def delete(self, data: st.DataObject, behind: int | None) -> None:
        """Delete an item, with or without If-Match."""
        item_id = self.pick(data)
        version = self.model.get(item_id, {"version": 1})["version"]
        headers = {} if behind is None else {"If-Match": f'"{version - behind}"'}
        response = call_with_key(f"{self.url}/{item_id}", "DELETE", headers=headers)
        if item_id not in self.model:
            assert response.status_code == 404
        elif behind:
            assert response.status_code == 412
        else:
            assert response.status_code == 204
            del self.model[item_id]

    @rule(data=st.data(), limit=st.integers(1, 5))
    def list(self, data: st.DataObject, limit: int) -> None:
        """List page after page, while items are created and deleted."""
        before, seen, cursor = set(self.model), [], None
        while True:
            parameters = {"limit": str(limit)} | ({"cursor": cursor} if cursor else {})
            page = call(self.url, "GET", params=parameters).json()
            seen += [item["id"] for item in page["items"]]
            cursor = page["cursor"]
            if cursor is None:
                break
            change: str = data.draw(st.sampled_from(["none", "create", "delete"]))
            if change == "create":
                self.create("Bell", 0)
            if change == "delete" and self.model:
                self.delete(data, None)
        assert len(seen) == len(set(seen))
        assert before & set(self.model) <= set(seen)


def test_any_interleaving_leaves_the_items_of_the_model(cleared: str) -> None:
    machine = type("Machine", (Catalogue,), {"url": cleared})
    run_state_machine_as_test(machine, settings=settings(max_examples=8, stateful_step_count=15))


@pytest.fixture
def cleared(url: str) -> str:
    """Return the URL of the items, without any."""

    def delete_all() -> bool:
        found = [each for page in pages(url, 100) for each in page]
        with ThreadPoolExecutor(8) as callers:
            list(callers.map(lambda each: call_with_key(f"{url}/{each}", "DELETE"), found))
        return not found

    wait_until(delete_all, lambda: pages(url))  # A busy machine may respond with 503 meanwhile.
    return url


def test_a_page_of_another_origin_may_change_items(url: str) -> None:
    for path, method in (("", "POST"), (f"/{ABSENT}", "PUT"), (f"/{ABSENT}", "DELETE")):
        response = preflight(url + path, method, "content-type, x-api-key")
        assert response.ok
        assert method in response.headers["access-control-allow-methods"].split(",")
        allowed = response.headers["access-control-allow-headers"].lower()
        assert "x-api-key" in allowed
        assert ("if-match" in allowed) == (path != "")
