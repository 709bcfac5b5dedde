"""Orders through the deployed pipeline, with faults, and the redrive of its dead letters.

Functions, event sources, roles and queues are as `serverless deploy` made them.
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
from dev.cloud import Cloud
from dev.functions import function_environment, function_name
from dev.service import ROOT
from dev.waiting import wait_until
from pipeline.queue import ATTEMPTS_MAX, NO_REASON
from tests.cloud.test_orders import new_key, order_body, place
from tests.support.faulty_proxy import FaultyProxy
from tests.support.items import create_item
from tests.support.orders import INVALID, INVALID_BODIES, cart, new_order
from tests.support.pipeline import Orders, as_event, deployed_orders, reason_of

ORDERS = 500
PROCESSED = {"S": "PROCESSED"}
REDRIVE = [sys.executable, "-m", "ops.redrive"]


@pytest.fixture(scope="module")
def orders(cloud: Cloud, api_url: str) -> Orders:
    """Return the deployed table and queues, without the dead letters of other tests."""
    assert api_url
    found = deployed_orders(cloud)
    for queue in (found.dead_letters, found.stream_dead_letters):
        found.drain(queue)
    return found


class Changes:
    """How often each order was processed from now on, by the table's stream."""

    def __init__(self, orders: Orders) -> None:
        self.orders = orders
        self.iterator = orders.end_of_stream()
        self.counts: Counter[str] = Counter()

    def read(self) -> Counter[str]:
        """Return the counts by order id."""
        records, self.iterator = self.orders.records(self.iterator)
        for record in records:
            image = record["dynamodb"]["NewImage"]
            if record["eventName"] == "MODIFY" and image["cart_product_status"] == PROCESSED:
                self.counts[image["PK"]["S"].removeprefix("ORDER#")] += 1
        return self.counts


def depth(orders: Orders, queue: str) -> int:
    """Return how many messages a queue has, visible or not."""
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    found = orders.sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=names)
    return sum(int(each) for each in found["Attributes"].values())


def is_idle(orders: Orders) -> bool:
    """Whether the queue is empty, and no message is being handled."""
    return depth(orders, orders.queue) == 0


def put_pending(orders: Orders) -> str:
    """Put a pending order into the table that no function gets; return its id."""
    order_id = orders.put(order_status={"S": "DRAFT"})
    orders.change(order_id, "order_status", "ORDERED")
    return order_id


def send(orders: Orders, queue: str, *bodies: str) -> None:
    """Put up to ten messages directly on a queue."""
    entries = [{"Id": str(index), "MessageBody": body} for index, body in enumerate(bodies)]
    orders.sqs.send_message_batch(QueueUrl=queue, Entries=entries)


def test_every_order_is_processed_once_and_only_the_invalid_become_dead_letters(
    api_url: str, orders: Orders
) -> None:
    items = [create_item(api_url)["id"] for _ in range(3)]
    invalid, drafts, unknown = [], [], [cart(new_order().order_id)]
    changes = Changes(orders)

    def order(number: int) -> str:
        body, key = order_body((items[number % 3], 1 + number % 100)), new_key()
        placed = place(f"{api_url}/orders", body, key)
        if number % 5 == 0:
            assert place(f"{api_url}/orders", body, key) == placed
        order_id: str = placed["order_id"]
        return order_id

    with ThreadPoolExecutor(8) as callers:
        futures = [callers.submit(order, number) for number in range(ORDERS)]
        for members in INVALID.values():
            invalid.append(orders.put(**members))
            drafts.append(orders.put(order_status={"S": "DRAFT"}))
            unknown.append(cart(drafts[-1]))
        send(orders, orders.queue, *unknown)
        send(orders, orders.queue, *INVALID_BODIES)
        placed = [future.result() for future in futures]
    assert len(set(placed)) == ORDERS

    wait_until(lambda: len(changes.read()) >= ORDERS, lambda: len(changes.counts), timeout_s=120)
    wait_until(lambda: is_idle(orders), lambda: "the queue is not empty")
    assert changes.read() == dict.fromkeys(placed, 1)

    dead_letters = orders.take(orders.dead_letters)
    assert sorted(each["body"] for each in dead_letters) == sorted([*unknown, *INVALID_BODIES])
    stream_dead_letters = orders.take(orders.stream_dead_letters)
    records = [json.loads(each["body"]) for each in stream_dead_letters]
    keys = [each["dynamodb"]["Keys"]["PK"]["S"] for each in records]
    assert sorted(keys) == sorted(f"ORDER#{each}" for each in invalid)
    reasons = {reason_of(each) for each in [*dead_letters, *stream_dead_letters]}
    assert {"There is no such order.", "The order has not been placed."} < reasons


def first_seen(dead_letter: Any) -> str:
    """Return when a dead letter was first seen."""
    value: str = dead_letter["messageAttributes"]["first_seen"]["StringValue"]
    return value


def run_redrive(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command."""
    command = [*REDRIVE, *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


def redrive(cloud: Cloud, *arguments: str, fails: bool = False) -> str:
    """Return what the command prints."""
    run = run_redrive(cloud.environment(), "--stage", "local", *arguments)
    assert run.returncode == (1 if fails else 0), run.stdout + run.stderr
    return run.stdout


def test_dead_letters_are_listed_and_retried(cloud: Cloud, orders: Orders) -> None:
    assert redrive(cloud, "--list") == "OrdersDeadLetters: 0\nOrdersStreamDeadLetters: 0\n"
    changes = Changes(orders)
    by_message, by_record, by_notice = (put_pending(orders) for _ in range(3))
    send(orders, orders.queue, "invalid")
    wait_until(lambda: is_idle(orders), lambda: "the queue is not empty")
    send(orders, orders.dead_letters, cart(by_message))
    item = orders.get(by_record)
    record = {"eventName": "INSERT", "dynamodb": {"NewImage": item}}
    # Lambda's own dead letters have positions in the stream, and no order.
    send(
        orders,
        orders.stream_dead_letters,
        json.dumps(as_event(record)),
        '{"DDBStreamBatchInfo": {}}',
    )

    for _ in range(2):
        listed = redrive(cloud, "--list")
        assert "OrdersDeadLetters: 2\n" in listed
        assert "OrdersStreamDeadLetters: 2\n" in listed
        assert "(root): Invalid JSON" in listed
        assert listed.count("no reason") == 3
        assert by_message in listed

    retried = redrive(cloud)
    assert retried.count("is back on the queue") == 2
    assert retried.count("went through the function again") == 2
    assert "is deleted: all pending orders were retried" in retried
    wanted = dict.fromkeys([by_message, by_record, by_notice], 1)
    wait_until(lambda: changes.read() == wanted, lambda: changes.counts)
    wait_until(lambda: is_idle(orders), lambda: "the queue is not empty")
    (invalid,) = orders.take(orders.dead_letters)
    assert invalid["body"] == "invalid"
    assert first_seen(invalid) in listed
    assert changes.read() == wanted
    # Of the pending items, only invalid ones became dead letters again.
    records = [json.loads(each["body"]) for each in orders.drain(orders.stream_dead_letters)]
    failed = {record["dynamodb"]["NewImage"]["PK"]["S"] for record in records}
    assert failed.isdisjoint(f"ORDER#{each}" for each in wanted)


def test_a_pending_order_without_a_dead_letter_is_retried(cloud: Cloud, orders: Orders) -> None:
    changes = Changes(orders)
    order_id = put_pending(orders)
    assert "pending orders went through the function again" in redrive(cloud, "--pending")
    wait_until(lambda: changes.read() == {order_id: 1}, lambda: changes.counts)
    orders.drain(orders.stream_dead_letters)  # Those of invalid items.


def test_a_malformed_record_stays_and_holds_up_no_other(cloud: Cloud, orders: Orders) -> None:
    changes = Changes(orders)
    order_id = put_pending(orders)
    odd = ["invalid", "5", "null", "[" * 100_000, '{"dynamodb": {"Keys": {"PK": 5}}}']
    odd.append('{"dynamodb": {"Keys": {"id": {"S": "a"}}}}')
    send(orders, orders.stream_dead_letters, *odd, '{"DDBStreamBatchInfo": {}}')
    retried = redrive(cloud, fails=True)
    assert retried.count("stays: it is not a stream record") == 4
    assert retried.count(" stays: ") == 6
    wait_until(lambda: changes.read() == {order_id: 1}, lambda: changes.counts)
    left = [each["body"] for each in orders.drain(orders.stream_dead_letters)]
    assert set(odd) <= set(left)


def test_a_message_that_is_too_large_to_go_back_stays_and_holds_up_no_other(
    cloud: Cloud, orders: Orders
) -> None:
    changes = Changes(orders)
    names = ["MaximumMessageSize"]
    found = orders.sqs.get_queue_attributes(QueueUrl=orders.queue, AttributeNames=names)
    too_large = "x" * (int(found["Attributes"]["MaximumMessageSize"]) + 1)
    by_message, by_record = put_pending(orders), put_pending(orders)
    orders.sqs.send_message(QueueUrl=orders.dead_letters, MessageBody=too_large)
    send(orders, orders.dead_letters, cart(by_message))
    record = {"eventName": "INSERT", "dynamodb": {"NewImage": orders.get(by_record)}}
    send(orders, orders.stream_dead_letters, json.dumps(as_event(record)))
    retried = redrive(cloud, fails=True)
    (reason,) = re.findall("stays: .*", retried)
    assert reason.endswith(f"Message must be shorter than {len(too_large) - 1} bytes.")
    wanted = {by_message: 1, by_record: 1}
    wait_until(lambda: changes.read() == wanted, lambda: changes.counts)
    left = [each["body"] for each in orders.drain(orders.dead_letters)]
    assert left == [too_large]


def test_a_message_that_cannot_be_deleted_stays_and_holds_up_no_other(
    cloud: Cloud, orders: Orders, faulty_proxy: FaultyProxy
) -> None:
    changes = Changes(orders)
    ids = [put_pending(orders) for _ in range(2)]
    send(orders, orders.dead_letters, *map(cart, ids))
    faulty_proxy.inject(["failure"], service="AmazonSQS.DeleteMessage")
    proxied = {"AWS_ENDPOINT_URL_SQS": faulty_proxy.url, "AWS_MAX_ATTEMPTS": "1"}
    run = run_redrive(cloud.environment() | proxied, "--stage", "local")
    assert run.returncode == 1, run.stderr
    assert run.stdout.count(" stays: ") == 1
    assert run.stdout.count("is back on the queue") == 1
    wait_until(lambda: changes.read() == dict.fromkeys(ids, 1), lambda: changes.counts)
    assert len(orders.drain(orders.dead_letters)) == 1


def test_records_and_orders_that_cannot_be_retried_are_reported(
    cloud: Cloud, orders: Orders
) -> None:
    record = {"dynamodb": {"NewImage": orders.get(put_pending(orders))}}
    send(orders, orders.stream_dead_letters, json.dumps(as_event(record)))
    nowhere = {"AWS_ENDPOINT_URL_LAMBDA": "http://127.0.0.1:1", "AWS_MAX_ATTEMPTS": "1"}
    environment = cloud.environment() | nowhere
    run = run_redrive(environment, "--stage", "local", "--pending")
    assert run.returncode == 1, run.stderr
    assert run.stdout.count("stays: Could not connect") == 1
    assert run.stdout.count("did not: Could not connect") == 1
    assert "There is nothing to retry" not in run.stdout
    assert len(orders.drain(orders.stream_dead_letters)) == 1


def test_dead_letters_are_listed_on_a_terminal_that_lacks_their_characters(
    cloud: Cloud, orders: Orders
) -> None:
    send(orders, orders.dead_letters, "😀", "a")
    environment = cloud.environment() | {"PYTHONIOENCODING": "ascii"}
    run = run_redrive(environment, "--stage", "local", "--list")
    assert (run.returncode, run.stderr) == (0, "")
    assert r"'\U0001f600'" in run.stdout
    assert "'a'" in run.stdout
    orders.drain(orders.dead_letters)


def test_an_item_that_was_corrected_succeeds(cloud: Cloud, orders: Orders) -> None:
    changes = Changes(orders)
    order_id = orders.put(order_date={"NULL": True})
    queue = orders.stream_dead_letters
    wait_until(lambda: depth(orders, queue) > 0, lambda: "there is no dead letter")
    orders.change(order_id, "order_date", "2026-11-21T00:00:00.000Z")
    changes.read()
    changes.counts.clear()
    assert "went through the function again" in redrive(cloud)
    wait_until(lambda: changes.read() == {order_id: 1}, lambda: changes.counts)
    assert orders.drain(orders.stream_dead_letters) == []


def test_a_dead_letter_can_be_deleted(cloud: Cloud, orders: Orders) -> None:
    send(orders, orders.dead_letters, "invalid", "also invalid")
    listed = redrive(cloud, "--list")
    ids = re.findall(r"(?m)^  (\S+) is a dead letter", listed)
    assert len(ids) == 2
    assert f"{ids[0]} is deleted" in redrive(cloud, "--drop", ids[0])
    assert "There is no dead letter with the id" in redrive(cloud, "--drop", ids[0], fails=True)
    assert len(orders.drain(orders.dead_letters)) == 1


def test_stopping_a_list_half_way_loses_no_dead_letter(cloud: Cloud, orders: Orders) -> None:
    bodies = [f"{number:090}" for number in range(400)]
    for start in range(0, len(bodies), 10):
        send(orders, orders.dead_letters, *bodies[start : start + 10])
    # Nobody reads its output, which is more than a pipe holds, so it blocks half-way.
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

    wait_until(is_stuck, process.poll)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (130, "")
    left = [each["body"] for each in orders.drain(orders.dead_letters)]
    assert sorted(left) == sorted(bodies)


@pytest.mark.parametrize(
    ("arguments", "environment", "message"),
    [
        (["--stage", "nowhere"], {}, "There is no stack lucky-numbers-nowhere in us-east-1."),
        (["-s", "local"], {"AWS_ACCESS_KEY_ID": ""}, "No AWS credentials"),
        ([], {"npm_config_list": "true"}, "npm run redrive -- --list"),
        ([], {"npm_config_pending": "true"}, "npm run redrive -- --list"),
        (["--lis"], {}, "unrecognized arguments: --lis"),
        (["--list", "--pending"], {}, "not allowed with argument"),
    ],
)
def test_a_mistake_is_one_line_of_error(
    cloud: Cloud, arguments: list[str], environment: dict[str, str], message: str
) -> None:
    settings = cloud.environment() | environment
    run = run_redrive({name: settings[name] for name in settings if settings[name]}, *arguments)
    assert run.returncode in (1, 2)
    assert message in run.stderr
    assert "Traceback" not in run.stderr


@contextmanager
def calls_through(faulty_proxy: FaultyProxy, cloud: Cloud, function: str) -> Iterator[None]:
    """Have a deployed function make its calls through a faulty proxy."""
    client, name = aws_client(cloud, "lambda"), function_name(function)
    variables = function_environment(cloud, function)

    def configure(environment: dict[str, str]) -> None:
        client.update_function_configuration(
            FunctionName=name, Environment={"Variables": environment}
        )
        client.get_waiter("function_updated_v2").wait(FunctionName=name)

    configure(variables | {"AWS_ENDPOINT_URL": faulty_proxy.url})
    try:
        yield
    finally:
        configure(variables)


def workers(function: str, faulty_proxy: FaultyProxy) -> list[int]:
    """Return the ids of the processes that run a deployed function through that proxy."""
    name, url = (
        f"AWS_LAMBDA_FUNCTION_NAME={function_name(function)}",
        f"AWS_ENDPOINT_URL={faulty_proxy.url}",
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
    """Have messages delivered again after three seconds."""
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
def test_orders_are_processed_once_when_a_worker_is_killed_half_way(
    cloud: Cloud, orders: Orders, faulty_proxy: FaultyProxy, function: str, done: int
) -> None:
    changes = Changes(orders)
    calls = faulty_proxy.calls
    faulty_proxy.slow_calls_end.clear()
    with calls_through(faulty_proxy, cloud, function):
        # `done` calls get their responses. The next one is done, and its response is too late.
        faulty_proxy.inject([*[None] * done, "slow"])
        if function == "update_cart_status":
            ids = [put_pending(orders) for _ in range(5)]
            send(orders, orders.queue, *map(cart, ids))
        else:
            ids = [orders.put() for _ in range(25)]
        wait_until(lambda: faulty_proxy.calls > calls + done, lambda: faulty_proxy.calls)
        killed = workers(function, faulty_proxy)
        assert killed
        for pid in killed:
            os.kill(pid, signal.SIGKILL)
        faulty_proxy.inject([])
        faulty_proxy.slow_calls_end.set()
        wait_until(lambda: len(changes.read()) >= len(ids), lambda: changes.counts)
    wait_until(lambda: is_idle(orders), lambda: "the queue is not empty")
    assert changes.read() == dict.fromkeys(ids, 1)
    assert orders.drain(orders.dead_letters) == []
    assert orders.drain(orders.stream_dead_letters) == []


def is_connected(pid: int, port: int) -> bool:
    """Whether a process has the connection with that local port."""
    of_port = f"{port:04X}"
    lines = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    sockets = {f"socket:[{line[9]}]" for line in lines if line[1].endswith(f":{of_port}")}
    try:
        return any(str(path.readlink()) in sockets for path in Path(f"/proc/{pid}/fd").iterdir())
    except (FileNotFoundError, PermissionError):
        return False


@pytest.mark.usefixtures("_short_visibility")
def test_a_message_that_kills_its_worker_costs_the_others_only_time(
    cloud: Cloud, orders: Orders, faulty_proxy: FaultyProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    changes = Changes(orders)
    healthy, killer = [put_pending(orders) for _ in range(9)], put_pending(orders)
    killed = []

    def kill(body: bytes, port: int) -> bool:
        if f"ORDER#{killer}".encode() not in body:
            return False
        pids = workers("update_cart_status", faulty_proxy)
        (pid,) = (pid for pid in pids if is_connected(pid, port))
        os.kill(pid, signal.SIGKILL)
        killed.append(pid)
        return True

    faulty_proxy.inject([])
    monkeypatch.setattr(faulty_proxy, "loses", kill)
    with calls_through(faulty_proxy, cloud, "update_cart_status"):
        send(orders, orders.queue, *map(cart, [*healthy[:4], killer, *healthy[4:]]))
        wait_until(lambda: is_idle(orders), lambda: (killed, changes.read()), timeout_s=120)
    assert changes.read() == dict.fromkeys(healthy, 1)
    (dead_letter,) = orders.drain(orders.dead_letters)
    assert dead_letter["body"] == cart(killer)
    assert reason_of(dead_letter) == NO_REASON
    assert len(killed) == ATTEMPTS_MAX + 1  # The first one is not counted.
