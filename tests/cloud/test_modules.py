"""The first request to a deployed artifact loads no module that takes long to import.

The interpreter starts without `site`, which loads some of them itself.
"""

import json
import subprocess
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest

from dev.cloud import Cloud
from dev.functions import function_environment
from dev.lambda_python import base_python
from dev.service import API_KEY
from tests.support.events import rest_event
from tests.support.functions import FUNCTIONS, Function
from tests.support.items import create_item
from tests.support.orders import cart
from tests.support.pipeline import deployed_orders
from tests.support.web import call

# Each takes a tenth of the time of a whole start, or more.
HEAVY = {
    *("_pydecimal", "ast", "asyncio", "base64", "collections", "contextlib", "copy", "dataclasses"),
    *("decimal", "email", "enum", "functools", "hashlib", "hmac", "html", "http", "inspect"),
    *("ipaddress", "json", "locale", "logging", "pathlib", "pickle", "platform", "pydantic"),
    *("random", "re", "selectors", "shutil", "socket", "ssl", "string", "subprocess", "tempfile"),
    *("threading", "tokenize", "traceback", "typing", "typing_extensions", "urllib", "uuid"),
    *("warnings", "weakref", "zoneinfo"),
}
# Those that functions need: `decimal` loads `collections`.
PRICES = {"collections", "decimal"}
NEEDED: dict[str, set[str]] = {
    "place_order": PRICES,
    "get_order": PRICES,  # It shares the module of `place_order`.
    "process_cart_products": PRICES,
    "update_cart_status": PRICES,  # It shares the models of orders.
}
# Takes the event from standard input, and prints the response and the loaded modules.
CALL = """import sys; sys.path.insert(0, sys.argv[1])
from importlib import import_module
module, _, name = sys.argv[2].rpartition(".")
handler, event = getattr(import_module(module), name), eval(sys.stdin.read())
print(repr(event and handler(event, None)))
print(*sys.modules)
"""


def run(folder: Path, handler: str, environment: dict[str, str], event: Any) -> str:
    """Call a handler in a bare interpreter, with a folder to import from."""
    done = subprocess.run(
        [base_python(), "-I", "-S", "-c", CALL, folder, handler],
        env=environment,
        input=repr(event),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def top_level(modules: str) -> set[str]:
    """Return the top-level names of modules."""
    return {name.partition(".")[0] for name in modules.split()}


class FirstRequest:
    """Makes the first request to an artifact."""

    def __init__(self, cloud: Cloud, build: Path, folder: Path) -> None:
        self._cloud = cloud
        self._build = build
        self._folder = folder

    def __call__(self, function: Function, event: Any) -> tuple[Any, set[str]]:
        """Return the response, and which heavy modules are loaded then."""
        folder = self._folder / function.name
        if not folder.exists():
            with zipfile.ZipFile(self._build / f"bundle/{function.name}.zip") as archive:
                archive.extractall(folder)
        environment = function_environment(self._cloud, function.name) | self._cloud.settings()
        handler = f"{function.module}.{function.name}"
        response, modules = run(folder, handler, environment, event).splitlines()
        return eval(response), top_level(modules) & HEAVY


@pytest.fixture(scope="module")
def first_request(
    cloud: Cloud, build: Path, tmp_path_factory: pytest.TempPathFactory
) -> FirstRequest:
    """Return what makes the first request to an artifact."""
    return FirstRequest(cloud, build, tmp_path_factory.mktemp("artifacts"))


@pytest.fixture(scope="module")
def item_id(api_url: str) -> str:
    """Return the id of an item."""
    return str(create_item(api_url)["id"])


@pytest.fixture(scope="module")
def order_id(api_url: str, item_id: str) -> str:
    """Return the id of an order."""
    body = {"user_id": "ada", "order_items": [{"item_id": item_id, "quantity": 2}]}
    placed = call(f"{api_url}/orders", json=body, headers={"x-api-key": API_KEY})
    return str(placed.json()["order_id"])


def event(method: str = "POST", body: Any = None, **parts: Any) -> dict[str, Any]:
    """Return an event with a body, if any, as JSON."""
    text = body if isinstance(body, str) else json.dumps(body)
    return rest_event(method=method, body=None if body is None else text, **parts)


@pytest.fixture(scope="module")
def good_events(cloud: Cloud, api_url: str, item_id: str, order_id: str) -> dict[str, Any]:
    """Return a good event by function."""
    bell = {"name": "Bell", "price": "1.50", "description": "ß"}
    order = {"user_id": "ada", "order_items": [{"item_id": item_id, "quantity": 2}]}
    claps = {"slug": "modules", "claps": 1}
    new_key = {"idempotency-key": str(time.time())}
    image = deployed_orders(cloud).get(order_id)
    return {
        "hello": event("GET", query={"first_name": "Ada"}),
        "lucky_numbers": event(body={"name": "Ada", "count": 2, "ignored": [{"a": 1.5}]}),
        "applaud": event(body=claps, headers=new_key),
        "get_claps": event("GET", query={"slug": "modules"}),
        "create_item": event(body=bell, headers=new_key),
        "get_item": event("GET", path={"id": item_id}),
        "replace_item": event("PUT", bell, path={"id": item_id}, headers={"if-match": "*"}),
        "delete_item": event("DELETE", path={"id": create_item(api_url)["id"]}),
        "list_items": event("GET", query={"limit": "1"}),
        "place_order": event(body=order, headers=new_key),
        "get_order": event("GET", path={"order_id": order_id}),
        "process_cart_products": {"Records": [{"dynamodb": {"NewImage": image}}]},
        "update_cart_status": {"Records": [{"messageId": "m", "body": cart(order_id)}]},
        "get_asset": {"httpMethod": "GET", "resource": "/"},
        "get_problem_page": event("GET", path={"name": "not-found"}),
    }


@pytest.mark.parametrize("function", FUNCTIONS, ids=str)
def test_a_good_request_loads_only_the_heavy_modules_that_its_function_needs(
    first_request: FirstRequest, good_events: dict[str, Any], function: Function
) -> None:
    response, heavy = first_request(function, good_events.get(function.name))
    if function.is_behind_http and function.name in good_events:
        assert response["statusCode"] < 300, response
    elif function.name in good_events:
        assert response == {"batchItemFailures": []}
    assert heavy <= NEEDED.get(function.name, set())


def named(name: str) -> Function:
    """Return a function by its name."""
    return next(each for each in FUNCTIONS if each.name == name)


BELL = {"name": "Bell", "price": "1.50"}
NOWHERE = {"id": "01a1fac9-840f-7689-96e1-b783bdec023a"}


@pytest.mark.parametrize(
    ("name", "status", "bad"),
    [
        ("lucky_numbers", 400, event(body="{")),
        ("lucky_numbers", 413, event(body=" " * 65537)),
        ("lucky_numbers", 415, event(body="{}", headers={"content-type": "image/png"})),
        ("lucky_numbers", 422, event(body={"name": 1, "count": "2"})),
        ("get_claps", 400, event("GET", query={"slug": "", "x": "1"})),
        ("applaud", 422, event(body={"slug": "modules", "claps": 21})),
        ("create_item", 422, event(body=BELL | {"price": "-1"})),
        ("get_item", 404, event("GET", path={"id": "x"})),
        ("get_item", 404, event("GET", path=NOWHERE)),
        ("replace_item", 428, event("PUT", BELL, path=NOWHERE)),
        ("replace_item", 400, event("PUT", BELL, path=NOWHERE, headers={"if-match": "1"})),
        ("replace_item", 404, event("PUT", BELL, path=NOWHERE, headers={"if-match": '"1"'})),
        ("list_items", 400, event("GET", query={"cursor": "x"})),
        ("get_order", 404, event("GET", path={"order_id": "x"})),
        ("get_asset", 404, {"httpMethod": "GET", "resource": "/nowhere"}),
        ("get_problem_page", 404, event("GET", path={"name": "nowhere"})),
        ("get_problem_page", 404, event("GET", path={"name": "../page"})),
    ],
)
def test_a_bad_request_loads_no_more_than_a_good_one(
    first_request: FirstRequest, name: str, status: int, bad: dict[str, Any]
) -> None:
    response, heavy = first_request(named(name), bad)
    assert response["statusCode"] == status, response
    assert heavy <= NEEDED.get(name, set())


def test_a_conflict_loads_no_more_than_a_good_request(first_request: FirstRequest) -> None:
    as_many_as_allowed = event(body={"slug": "conflict", "claps": 20})
    first_request(named("applaud"), as_many_as_allowed)
    response, heavy = first_request(named("applaud"), as_many_as_allowed)
    assert response["statusCode"] == 409, response
    assert not heavy


def test_only_a_repeated_member_loads_enum(first_request: FirstRequest) -> None:
    repeated = event(body='{"name": "a", "name": "a", "count": 2}')
    response, heavy = first_request(named("lucky_numbers"), repeated)
    assert response["statusCode"] == 422, response
    assert heavy == {"enum"}  # By pydantic-core, which validates the placeholders in lax mode.
