"""Five hundred orders through the deployed pipeline, with rubbish in between; and what goes wrong.

The functions, their event sources, their roles and the queues are as `serverless deploy` made them.
"""

import fcntl
import json
import os
import re
import signal
import subprocess
import sys
import termios
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from dev.clients import aws_client
from dev.cloud import ROOT, Cloud
from tests.cloud.test_orders import basket, create_item, new_key, place
from tests.support.cloud import function_environment, function_name
from tests.support.orders import RUBBISH, SPOILED, cart, new_order
from tests.support.pipeline import Orders, deployed_orders, in_json, reason_of
from tests.support.waiting import until
from tests.support.wire import Wire

ORDERS = 500
PROCESSED = {"S": "PROCESSED"}
REDRIVE = [sys.executable, "-m", "dev.redrive"]


@pytest.fixture(scope="module")
def orders(cloud: Cloud, api_url: str) -> Orders:
    """Return what the deployed pipeline keeps, without what other tests have left."""
    assert api_url
    found = deployed_orders(cloud)
    for queue in (found.dead_letters, found.failures):
        found.drain(queue)
    return found


class Changes:
    """How often each order was processed since, as the table's stream has it."""

    def __init__(self, orders: Orders) -> None:
        self.orders = orders
        self.iterator = orders.end_of_stream()
        self.counts: Counter[str] = Counter()

    def read(self) -> Counter[str]:
        """Return the counts, by the orders' ids."""
        records, self.iterator = self.orders.records(self.iterator)
        for record in records:
            image = record["dynamodb"]["NewImage"]
            if record["eventName"] == "MODIFY" and image["cart_product_status"] == PROCESSED:
                self.counts[image["PK"]["S"].removeprefix("ORDER#")] += 1
        return self.counts


def depth(orders: Orders, queue: str) -> int:
    """Return how many messages a queue has, those on their way with them."""
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    found = orders.sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=names)
    return sum(int(each) for each in found["Attributes"].values())


def is_idle(orders: Orders) -> bool:
    """Whether the queue is empty, with nothing on its way."""
    return depth(orders, orders.queue) == 0


def wait_pending(orders: Orders) -> str:
    """Return the id of an order that is in the table, and that no function has seen."""
    order_id = orders.put(order_status={"S": "DRAFT"})
    orders.change(order_id, "order_status", "ORDERED")
    return order_id


def send(orders: Orders, queue: str, *bodies: str) -> None:
    """Put messages straight on a queue, up to ten of them at once."""
    entries = [{"Id": str(index), "MessageBody": body} for index, body in enumerate(bodies)]
    orders.sqs.send_message_batch(QueueUrl=queue, Entries=entries)


def test_every_order_is_processed_once_and_all_else_is_parked(api_url: str, orders: Orders) -> None:
    items = [create_item(api_url)["id"] for _ in range(3)]
    spoiled, drafts, mistakes = [], [], [cart(new_order().order_id)]
    changes = Changes(orders)

    def order(number: int) -> str:
        body, key = basket((items[number % 3], 1 + number % 100)), new_key()
        placed = place(f"{api_url}/orders", body, key)
        if number % 5 == 0:
            assert place(f"{api_url}/orders", body, key) == placed
        order_id: str = placed["order_id"]
        return order_id

    with ThreadPoolExecutor(8) as callers:
        futures = [callers.submit(order, number) for number in range(ORDERS)]
        for members in SPOILED.values():
            spoiled.append(orders.put(**members))
            drafts.append(orders.put(order_status={"S": "DRAFT"}))
            mistakes.append(cart(drafts[-1]))
        send(orders, orders.queue, *mistakes)
        send(orders, orders.queue, *RUBBISH)
        placed = [future.result() for future in futures]
    assert len(set(placed)) == ORDERS

    until(lambda: len(changes.read()) >= ORDERS, lambda: len(changes.counts), patience_s=120)
    until(lambda: is_idle(orders), lambda: "the queue is not empty")
    assert changes.read() == dict.fromkeys(placed, 1)

    dead_letters = orders.take(orders.dead_letters)
    assert sorted(each["body"] for each in dead_letters) == sorted([*mistakes, *RUBBISH])
    parked = orders.take(orders.failures)
    keys = [json.loads(each["body"])["dynamodb"]["Keys"]["PK"]["S"] for each in parked]
    assert sorted(keys) == sorted(f"ORDER#{each}" for each in spoiled)
    reasons = {reason_of(each) for each in [*dead_letters, *parked]}
    assert {"There is no such order.", "The order has not been placed."} < reasons


def first_seen(parked: Any) -> str:
    """Return since when a message has been parked, or waited to be."""
    value: str = parked["messageAttributes"]["first_seen"]["StringValue"]
    return value


def run_redrive(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """Return what became of the command."""
    command = [*REDRIVE, *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


def redrive(cloud: Cloud, *arguments: str, fails: bool = False) -> str:
    """Return what the command prints."""
    run = run_redrive(cloud.environment(), "--stage", "local", *arguments)
    assert run.returncode == (1 if fails else 0), run.stdout + run.stderr
    return run.stdout


def test_what_is_parked_is_listed_and_tried_again_by_one_command(
    cloud: Cloud, orders: Orders
) -> None:
    assert redrive(cloud, "--list") == "OrdersDeadLetters: 0\nOrdersStreamFailures: 0\n"
    changes = Changes(orders)
    by_message, by_record, by_neither = (wait_pending(orders) for _ in range(3))
    send(orders, orders.queue, "rubbish")
    until(lambda: is_idle(orders), lambda: "the queue is not empty")
    send(orders, orders.dead_letters, cart(by_message))
    item = orders.get(by_record)
    record = {"eventName": "INSERT", "dynamodb": {"NewImage": item}}
    # Lambda's own tell places in the stream, and no order.
    send(orders, orders.failures, json.dumps(in_json(record)), '{"DDBStreamBatchInfo": {}}')

    for _ in range(2):
        listed = redrive(cloud, "--list")
        assert "OrdersDeadLetters: 2\n" in listed
        assert "OrdersStreamFailures: 2\n" in listed
        assert "all of it: Invalid JSON" in listed
        assert listed.count("without a reason") == 3
        assert by_message in listed

    tried = redrive(cloud)
    assert tried.count("is back on the queue") == 2
    assert tried.count("went through the function again") == 2
    assert "is done with: the orders that wait were tried" in tried
    wanted = dict.fromkeys([by_message, by_record, by_neither], 1)
    until(lambda: changes.read() == wanted, lambda: changes.counts)
    until(lambda: is_idle(orders), lambda: "the queue is not empty")
    (rubbish,) = orders.take(orders.dead_letters)
    assert rubbish["body"] == "rubbish"
    assert first_seen(rubbish) in listed
    assert changes.read() == wanted
    # Of the items that wait, those that are no orders are parked once more, and no others.
    records = [json.loads(each["body"]) for each in orders.drain(orders.failures)]
    parked = {record["dynamodb"]["NewImage"]["PK"]["S"] for record in records}
    assert parked.isdisjoint(f"ORDER#{each}" for each in wanted)


def test_an_order_of_which_nothing_is_left_but_itself_is_tried_again(
    cloud: Cloud, orders: Orders
) -> None:
    changes = Changes(orders)
    order_id = wait_pending(orders)
    assert "orders that wait went through the function again" in redrive(cloud, "--pending")
    until(lambda: changes.read() == {order_id: 1}, lambda: changes.counts)
    orders.drain(orders.failures)  # Those that are none, once more.


def test_what_is_no_record_stays_and_holds_up_no_other(cloud: Cloud, orders: Orders) -> None:
    changes = Changes(orders)
    order_id = wait_pending(orders)
    odd = ["rubbish", "5", "null", '{"dynamodb": {"Keys": {"PK": 5}}}']
    odd.append('{"dynamodb": {"Keys": {"id": {"S": "a"}}}}')
    send(orders, orders.failures, *odd, '{"DDBStreamBatchInfo": {}}')
    tried = redrive(cloud, fails=True)
    assert tried.count("stays: it is no record of a stream") == 3
    assert tried.count(" stays: ") == 5
    until(lambda: changes.read() == {order_id: 1}, lambda: changes.counts)
    left = [each["body"] for each in orders.drain(orders.failures)]
    assert set(odd) <= set(left)


def test_an_item_that_was_mended_goes_through(cloud: Cloud, orders: Orders) -> None:
    changes = Changes(orders)
    order_id = orders.put(order_date={"NULL": True})
    until(lambda: depth(orders, orders.failures) > 0, lambda: "it is not parked")
    orders.change(order_id, "order_date", "2026-11-21T00:00:00.000Z")
    changes.read()
    changes.counts.clear()
    assert "went through the function again" in redrive(cloud)
    until(lambda: changes.read() == {order_id: 1}, lambda: changes.counts)
    assert orders.drain(orders.failures) == []


def test_a_parked_message_can_be_dropped(cloud: Cloud, orders: Orders) -> None:
    send(orders, orders.dead_letters, "rubbish", "more of it")
    listed = redrive(cloud, "--list")
    ids = re.findall(r"(?m)^  (\S+) is parked", listed)
    assert len(ids) == 2
    assert f"{ids[0]} is deleted" in redrive(cloud, "--drop", ids[0])
    assert "No message has the id" in redrive(cloud, "--drop", ids[0], fails=True)
    assert len(orders.drain(orders.dead_letters)) == 1


def test_who_stops_it_half_way_leaves_all_where_it_was(cloud: Cloud, orders: Orders) -> None:
    bodies = [f"{number:090}" for number in range(400)]
    for start in range(0, len(bodies), 10):
        send(orders, orders.dead_letters, *bodies[start : start + 10])
    # Nobody reads what it prints, which is more than a pipe holds: it waits in the midst of it.
    process = subprocess.Popen(
        [*REDRIVE, "--list", "--stage", "local"],
        cwd=ROOT,
        env=cloud.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    pipe = process.stdout.fileno()
    held: list[bytes] = []

    def is_stuck() -> bool:
        held.append(fcntl.ioctl(pipe, termios.FIONREAD, bytes(4)))
        is_much = (
            int.from_bytes(held[-1], sys.byteorder) > fcntl.fcntl(pipe, fcntl.F_GETPIPE_SZ) / 2
        )
        return is_much and held.count(held[-1]) == 10

    until(is_stuck, process.poll)
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=60)
    assert (process.returncode, told) == (130, "")
    left = [each["body"] for each in orders.drain(orders.dead_letters)]
    assert sorted(left) == sorted(bodies)


@pytest.mark.parametrize(
    ("arguments", "environment", "told"),
    [
        (["--stage", "nowhere"], {}, "There is no stack lucky-numbers-nowhere in us-east-1."),
        (["-s", "local"], {"AWS_ACCESS_KEY_ID": ""}, "There are no credentials for AWS"),
        ([], {"npm_config_list": "true"}, "npm run redrive -- --list"),
        (["--lis"], {}, "unrecognized arguments: --lis"),
        (["--list", "--pending"], {}, "not allowed with argument"),
    ],
)
def test_a_mistake_is_told_in_a_line(
    cloud: Cloud, arguments: list[str], environment: dict[str, str], told: str
) -> None:
    settings = cloud.environment() | environment
    run = run_redrive({name: settings[name] for name in settings if settings[name]}, *arguments)
    assert run.returncode in (1, 2)
    assert told in run.stderr
    assert "Traceback" not in run.stderr


@contextmanager
def over(wire: Wire, cloud: Cloud, function: str) -> Iterator[None]:
    """Have a deployed function make its calls over a wire."""
    client, name = aws_client(cloud, "lambda"), function_name(function)
    variables = function_environment(cloud, function)

    def configure(environment: dict[str, str]) -> None:
        client.update_function_configuration(
            FunctionName=name, Environment={"Variables": environment}
        )
        client.get_waiter("function_updated_v2").wait(FunctionName=name)

    configure(variables | {"AWS_ENDPOINT_URL": wire.url})
    try:
        yield
    finally:
        configure(variables)


def workers(function: str, wire: Wire) -> list[int]:
    """Return the ids of the processes that run a deployed function over that wire."""
    name, url = (
        f"AWS_LAMBDA_FUNCTION_NAME={function_name(function)}",
        f"AWS_ENDPOINT_URL={wire.url}",
    )
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            settings = (path / "environ").read_bytes().decode(errors="replace").split("\0")
            if name in settings and url in settings:
                found.append(int(path.name))
        except (FileNotFoundError, PermissionError, ProcessLookupError):
            continue
    return found


@pytest.fixture
def _short_visibility(orders: Orders) -> Iterator[None]:
    """Have messages come again sooner than in half a minute."""
    found = orders.sqs.get_queue_attributes(
        QueueUrl=orders.queue, AttributeNames=["VisibilityTimeout"]
    )["Attributes"]
    orders.sqs.set_queue_attributes(QueueUrl=orders.queue, Attributes={"VisibilityTimeout": "3"})
    yield
    orders.sqs.set_queue_attributes(QueueUrl=orders.queue, Attributes=found)


@pytest.mark.usefixtures("_short_visibility")
@pytest.mark.parametrize(
    ("function", "done"), [("update_cart_status", 2), ("process_cart_products", 1)]
)
def test_a_worker_that_is_killed_half_way_is_followed_by_one_that_finishes(
    cloud: Cloud, orders: Orders, wire: Wire, function: str, done: int
) -> None:
    changes = Changes(orders)
    calls = wire.calls
    wire.patience.clear()
    with over(wire, cloud, function):
        # So many calls are done and answered; one is done, and not answered.
        wire.meet([*[None] * done, "slow"])
        if function == "update_cart_status":
            ids = [wait_pending(orders) for _ in range(5)]
            send(orders, orders.queue, *map(cart, ids))
        else:
            ids = [orders.put() for _ in range(25)]
        until(lambda: wire.calls > calls + done, lambda: wire.calls)
        killed = workers(function, wire)
        assert killed
        for pid in killed:
            os.kill(pid, signal.SIGKILL)
        wire.meet([])
        wire.patience.set()
        until(lambda: len(changes.read()) >= len(ids), lambda: changes.counts)
    until(lambda: is_idle(orders), lambda: "the queue is not empty")
    assert changes.read() == dict.fromkeys(ids, 1)
    assert orders.drain(orders.dead_letters) == []
    assert orders.drain(orders.failures) == []
