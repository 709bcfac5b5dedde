"""Thousands of deliveries, with every fault: no order is lost, processed twice or given up untried.

The table, its stream and the queues are the local cloud's. The state machine stands in for Lambda,
so that it can deliver late, twice and in any order, and crash a function before any of its calls.
"""

import json
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from typing import Any, NamedTuple

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)

from aws.client import CALL_ATTEMPTS_MAX
from aws.response import Response
from aws.service import Service
from pipeline.queue import ATTEMPTS_MAX
from tests.support.faulty_proxy import FAULTS, FaultyProxy, later
from tests.support.orders import INVALID, INVALID_BODIES, cart, new_order
from tests.support.pipeline import Context, Crash, Pipeline, reason_of, retried

BATCH_MAX = 5
CRASHER = "a crasher"
CALLS = 4  # As many of a delivery's calls may be the one with the fault.
DELIVERIES_MAX = 1000  # Far more than a run needs to become quiet.
LEFT_MS = 60_000  # Longer than all attempts take.


class Mishap(NamedTuple):
    """The faults of a delivery's calls, and the number of the call before which it crashes.

    If it is throttled, its messages are received, but not delivered.
    """

    faults: Sequence[str | None] = ()
    crash: int | None = None
    is_throttled: bool = False


def mishaps(kinds: list[str], *others: Mishap) -> st.SearchStrategy[Mishap]:
    """Return mishaps of these kinds, as one choice, which Hypothesis can shrink."""
    crashes = [Mishap(crash=call) for call in range(CALLS)]
    crashes += [Mishap([None] * call + ["cut"], crash=call + 1) for call in range(CALLS)]
    once = [Mishap([None] * call + [kind]) for kind in kinds for call in range(CALLS)]
    for_good = [Mishap([kind] * CALL_ATTEMPTS_MAX * calls) for kind in kinds for calls in (1, 2)]
    faulty = [*crashes, *once, *for_good, *others]
    return st.sampled_from([Mishap()] * (len(faulty) // 2) + faulty)


MISHAPS = {
    "stream": mishaps(["throttled", "failure", "lost", "cut", "partial", "refused"]),
    "queue": mishaps([*FAULTS, "refused"], *[Mishap(is_throttled=True)] * 10),
    "again": mishaps([*FAULTS, "refused"]),
}
COUNTS = st.integers(1, BATCH_MAX)
PICKS = st.integers(0, 9)  # An index, modulo the number of elements.
# Many short runs find more than a few long ones, and shrink faster. Hypothesis's explain phase
# takes as long as shrinking, and says little about calls between processes.
TRIES = settings(
    phases=[Phase.reuse, Phase.generate, Phase.shrink],
    report_multiple_bugs=False,
    stateful_step_count=10,
)


class WatchedService:
    """A service whose requests are shown to `watch` first, which may crash the function."""

    def __init__(self, service: Service, watch: Callable[[bytes], None]) -> None:
        self.service = service
        self.watch = watch

    def request(self, operation: str, body: bytes, end: float) -> Response:
        """Send a request."""
        self.watch(body)
        return self.service.request(operation, body, end)


class Watch:
    """Sees the requests of one delivery, notes which orders are attempted, and may crash."""

    def __init__(
        self, pipeline: Pipeline, batch: list[Any], crashers: set[str], mishap: Mishap
    ) -> None:
        self.pipeline = pipeline
        self.orders = {each.get("messageId"): order_of(each.get("body")) for each in batch}
        self.crashers = crashers
        self.left = iter(count() if mishap.crash is None else range(mishap.crash))
        self.attempted: list[str | None] = []

    def see(self, body: bytes) -> None:
        """See a request, or crash in place of it."""
        request = json.loads(body)
        is_call = request.get("TableName") == self.pipeline.table
        if is_call:
            self.attempted.append(request["Key"]["PK"]["S"].removeprefix("ORDER#"))
        elif request.get("TableName") == self.pipeline.attempts:
            self.attempted.append(self.orders[request["Key"]["message_id"]["S"]])
        if next(self.left, None) is None or (is_call and self.attempted[-1] in self.crashers):
            raise Crash


def order_of(body: str | None) -> str | None:
    """Return the order's id in a message, or None if it has none."""
    try:
        return str(json.loads(body or "")["order_id"])
    except (KeyError, TypeError, ValueError):
        return None


@contextmanager
def watched(clients: Sequence[Any], watch: Callable[[bytes], None]) -> Iterator[None]:
    """Show the requests of these clients to `watch`."""
    services = [client._service for client in clients]  # noqa: SLF001
    for client, service in zip(clients, services, strict=True):
        client._service = WatchedService(service, watch)  # noqa: SLF001
    try:
        yield
    finally:
        for client, service in zip(clients, services, strict=True):
            client._service = service  # noqa: SLF001


class Redelivery(RuleBasedStateMachine):
    """Any interleaving of orders, invalid items and messages, and deliveries; then a redrive."""

    pipeline: Pipeline
    faulty_proxy: FaultyProxy
    seen: Counter[str]

    @initialize(count=COUNTS)
    def begin(self, count: int) -> None:
        """Begin at the end of the stream, with empty queues, and place orders."""
        self.pipeline.empty()
        self.iterator = self.pipeline.end_of_stream()
        self.stream: list[Any] = []  # Records that pass the filter.
        self.position = 0
        self.changes: Counter[str] = Counter()
        self.old: list[tuple[Any, list[Any]]] = []  # Deliveries that may be repeated.
        self.placed: set[str] = set()
        self.invalid: set[str] = set()
        self.invalid_messages: set[str] = set()
        self.crashers: set[str] = set()
        # The numbers of the deliveries in which each order may have failed by itself.
        self.failures: defaultdict[str | None, set[int]] = defaultdict(set)
        update = self.pipeline.update_module
        queues = self.pipeline.process_module.QUEUES
        self.clients = (queues, update.QUEUES, update.DYNAMODB)
        for client in self.clients:
            client._random_bytes = bytes  # noqa: SLF001 (zeros: no backoff)
        self.place(count)

    @rule(count=COUNTS)
    def place(self, count: int) -> None:
        """Place orders."""
        self.faulty_proxy.inject([])
        for _ in range(count):
            order = self.pipeline.update_module.STORE.create(new_order(), later())
            self.placed.add(order.order_id)

    @rule(kind=st.sampled_from([*sorted(INVALID), *[CRASHER] * 3]))
    def put_bad_item(self, kind: str) -> None:
        """Put an invalid order into the table, or one that crashes `update_cart_status`."""
        if kind == CRASHER:
            self.crashers.add(self.pipeline.put())
        else:
            self.invalid.add(self.pipeline.put(**INVALID[kind]))

    @rule(body=st.sampled_from([*INVALID_BODIES, cart(new_order().order_id), None]))
    def send_invalid_message(self, body: str | None) -> None:
        """Put an invalid message on the queue, or one for an order that is not placed yet."""
        body = body or cart(self.pipeline.put(order_status={"S": "DRAFT"}))
        unique = " " * len(self.invalid_messages) + body
        self.pipeline.sqs.send_message(QueueUrl=self.pipeline.queue, MessageBody=unique)
        self.invalid_messages.add(unique)

    # One rule: Hypothesis leaves some rules out of each run, and every run needs all of these.
    @rule(sources=st.lists(st.sampled_from(sorted(MISHAPS)), min_size=1), data=st.data())
    def deliver_some(self, sources: list[str], data: st.DataObject) -> None:
        """Deliver the stream's next records, messages of the queue, or an old delivery again."""
        for source in sources:
            mishap, pick, count = data.draw(st.tuples(MISHAPS[source], PICKS, COUNTS))
            match source:
                case "stream":
                    self.stream_delivery(count, mishap)
                case "queue":
                    self.queue_delivery(pick, count, mishap)
                case "again" if self.old:
                    function, batch = self.old[-1 - pick % len(self.old)]
                    self.deliver(function, batch, mishap)

    def stream_delivery(self, count: int, mishap: Mishap) -> None:
        """Deliver the stream's next records, as Lambda does."""
        self.read_stream()
        batch = self.stream[self.position : self.position + count]
        response = self.deliver(self.pipeline.process, batch, mishap)
        if response is not None:
            numbers = [each["dynamodb"]["SequenceNumber"] for each in batch]
            failed = [numbers.index(each) for each in retried(response)]
            self.position += min(failed, default=len(batch))

    def queue_delivery(self, pick: int, count: int, mishap: Mishap) -> None:
        """Deliver messages of the queue, as Lambda does, in any order."""
        received = deque(self.pipeline.receive(self.pipeline.queue, count if pick % 2 else 10))
        received.rotate(-pick)
        batch = list(received)[:count]
        self.seen["receives without delivery"] += len(received) - len(batch)
        if mishap.is_throttled:
            self.seen["receives without delivery"] += len(batch)
            return
        response = self.deliver(self.pipeline.update, batch, mishap)
        if response is not None:
            done = [each for each in batch if each["messageId"] not in retried(response)]
            self.pipeline.delete(self.pipeline.queue, done)

    def deliver(self, function: Any, batch: list[Any], mishap: Mishap) -> Any:
        """Return the response of a function, or None if it crashed."""
        if not batch:
            return None
        self.old.append((function, batch))
        self.seen["deliveries"] += 1
        self.seen[function.__name__] += len(batch)  # Records and messages.
        self.faulty_proxy.inject(mishap.faults)
        watch = Watch(self.pipeline, batch, self.crashers, mishap)
        try:
            with watched(self.clients, watch.see):
                response = function({"Records": batch}, Context(LEFT_MS))
        except Crash:
            response = None
        is_crash = response is None or mishap.crash is not None
        # With faults, any of the attempts may have failed. A crash fails the last one only.
        failed = watch.attempted if any(mishap.faults) else watch.attempted[-1:] * is_crash
        for order_id in failed:
            self.failures[order_id].add(self.seen["deliveries"])
        self.seen["crashes"] += is_crash
        return None if is_crash else response

    def read_stream(self) -> None:
        """Read the new records of the stream."""
        records, self.iterator = self.pipeline.records(self.iterator)
        for record in records:
            image = record["dynamodb"]["NewImage"]
            if record["eventName"] == "MODIFY":
                self.changes[image["PK"]["S"].removeprefix("ORDER#")] += 1
            elif image["order_status"] == {"S": "ORDERED"}:
                self.stream.append(record)

    def deliver_all(self) -> None:
        """Deliver everything, without mishaps, until only dead letters are left."""
        self.read_stream()
        while self.position < len(self.stream):
            self.stream_delivery(20, Mishap())
        for _ in range(DELIVERIES_MAX):
            batch = self.pipeline.receive(self.pipeline.queue, BATCH_MAX)
            if not batch:
                return
            response = self.deliver(self.pipeline.update, batch, Mishap())
            if response is not None:
                done = [each for each in batch if each["messageId"] not in retried(response)]
                self.pipeline.delete(self.pipeline.queue, done)
        pytest.fail("The queue does not become empty.")

    def teardown(self) -> None:
        """Retry all dead letters: then every order is processed, and only the bad ones are left."""
        self.faulty_proxy.inject([])
        self.deliver_all()
        for message in self.pipeline.drain(self.pipeline.dead_letters):
            self.check_attempts(message)
            self.pipeline.sqs.send_message(
                QueueUrl=self.pipeline.queue, MessageBody=message["body"]
            )
        for message in self.pipeline.drain(self.pipeline.stream_dead_letters):
            self.deliver(self.pipeline.process, [json.loads(message["body"])], Mishap())
        self.failures.clear()
        self.deliver_all()
        self.read_stream()
        assert self.changes == dict.fromkeys(self.placed, 1)
        dead_letters = self.pipeline.drain(self.pipeline.dead_letters)
        crashers = {each["body"] for each in dead_letters if self.check_attempts(each)}
        assert {order_of(each) for each in crashers} == self.crashers
        assert {each["body"] for each in dead_letters} == self.invalid_messages | crashers
        stream_dead_letters = self.pipeline.drain(self.pipeline.stream_dead_letters)
        records = [json.loads(each["body"]) for each in stream_dead_letters]
        keys = {each["dynamodb"]["Keys"]["PK"]["S"] for each in records}
        assert keys == {f"ORDER#{each}" for each in self.invalid}
        assert all(map(reason_of, [*dead_letters, *stream_dead_letters]))

    def check_attempts(self, dead_letter: Any) -> bool:
        """Return whether an order is valid. If so, it must have failed three times by itself."""
        self.seen["dead letters"] += 1
        order_id = order_of(dead_letter["body"])
        is_valid = order_id in self.placed | self.crashers
        assert not is_valid or len(self.failures[order_id]) >= ATTEMPTS_MAX
        return is_valid


def test_no_order_is_lost_or_processed_twice(pipeline: Pipeline, faulty_proxy: FaultyProxy) -> None:
    seen: Counter[str] = Counter()
    attributes = {"pipeline": pipeline, "faulty_proxy": faulty_proxy, "seen": seen}
    run_state_machine_as_test(type("Machine", (Redelivery,), attributes), settings=TRIES)
    print(dict(seen))
    delivered = seen["process_cart_products"] + seen["update_cart_status"]
    assert delivered > 1000  # With fewer, the test would prove little.
