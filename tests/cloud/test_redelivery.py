"""Ten thousand deliveries with everything that may happen to them: no order is lost or done twice.

The table, its stream and the queues are the local cloud's. Lambda's part, which delivers to the two
event functions, is the machine's own, so that it can deliver twice, late and in another order, and
have a function crash between any two of its calls.
"""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from typing import Any

from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)

from tests.support.orders import RUBBISH, SPOILED, cart, new_order
from tests.support.pipeline import Context, Pipeline, failures, reason_of
from tests.support.wire import FAULTS, Wire, later

DELIVERIES = 10_000
BATCH_MAX = 5
LEFT_MS = 300 + 2000 + 1500 + 100  # To answer, to park, for one attempt, and for some more;
ENOUGH_MS = 60_000  # for all that there may be.

# After how many calls a function crashes, if it does.
CRASHES = st.one_of(st.none(), st.none(), st.integers(0, 6))
FAULTY = st.lists(st.sampled_from([None, None, *FAULTS, "partial", "refused"]), max_size=4)
# Nothing is shrunk: each try of that is a thousand calls.
TRIES = settings(max_examples=10, stateful_step_count=40, phases=[Phase.generate])
SEEDS = st.integers(0, 2**32)  # What is drawn must not depend on what a queue gives.


class Crash(BaseException):
    """Raised in the place of a call: the function is no more."""


@contextmanager
def crashing(clients: list[Any], after: int | None) -> Iterator[None]:
    """Let functions crash in the place of the call that comes after so many."""
    calls = 0

    def crash(**_: Any) -> None:
        nonlocal calls
        calls += 1
        if after is not None and calls > after:
            raise Crash

    for client in clients:
        client.meta.events.register("before-send", crash)
    try:
        yield
    finally:
        for client in clients:
            client.meta.events.unregister("before-send", crash)


class Redelivery(RuleBasedStateMachine):
    """Any interleaving of orders, rubbish and deliveries; at its end all is tried once more."""

    pipeline: Pipeline
    wire: Wire
    delivered: Counter[str]

    @initialize()
    def begin(self) -> None:
        """Begin at the end of the stream, with empty queues."""
        self.pipeline.empty()
        self.iterator = self.pipeline.end_of_stream()
        self.stream: list[Any] = []  # Records that the filter lets pass.
        self.position = 0
        self.changes: Counter[str] = Counter()
        self.old: list[tuple[Any, list[Any]]] = []  # Deliveries that may come once more.
        self.placed: set[str] = set()
        self.spoiled: set[str] = set()
        self.rubbish: set[str] = set()
        update = self.pipeline.update_module
        callers = (self.pipeline.process_module.QUEUES, update.STORE._dynamodb, update.PARKING._sqs)  # noqa: SLF001
        self.clients = [caller._client for caller in callers]  # noqa: SLF001

    @rule(count=st.integers(1, 12))
    def place(self, count: int) -> None:
        """Place orders."""
        self.wire.meet([])
        for _ in range(count):
            order = self.pipeline.update_module.STORE.place(new_order(), later())
            self.placed.add(order.order_id)

    @rule(spoiled=st.sampled_from(sorted(SPOILED)))
    def spoil(self, spoiled: str) -> None:
        """Put an item into the table that is no order, though it says so."""
        self.spoiled.add(self.pipeline.put(**SPOILED[spoiled]))

    @rule()
    def draft(self) -> None:
        """Put an item into the table that is not an order yet, and a message as if it were."""
        self.litter(cart(self.pipeline.put(order_status={"S": "DRAFT"})))

    @rule(body=st.sampled_from([*RUBBISH, cart(new_order().order_id)]))
    def litter(self, body: str) -> None:
        """Put rubbish on the queue."""
        unique = " " * len(self.rubbish) + body
        self.pipeline.sqs.send_message(QueueUrl=self.pipeline.queue, MessageBody=unique)
        self.rubbish.add(unique)

    @rule(count=st.integers(1, 20), crash=CRASHES, faults=FAULTY)
    def stream_delivery(self, count: int, crash: int | None, faults: list[str | None]) -> None:
        """Deliver the stream's next records, as Lambda does."""
        self.read_stream()
        batch = self.stream[self.position : self.position + count]
        response = self.deliver(self.pipeline.process, batch, crash, faults)
        if response is not None:
            numbers = [each["dynamodb"]["SequenceNumber"] for each in batch]
            failed = [numbers.index(each) for each in failures(response)]
            self.position += min(failed, default=len(batch))

    @rule(seed=SEEDS, crash=CRASHES, faults=FAULTY)
    def queue_delivery(self, seed: int, crash: int | None, faults: list[str | None]) -> None:
        """Deliver messages of the queue, as Lambda does, in any order."""
        received = self.pipeline.receive(self.pipeline.queue)
        batch = Random(seed).sample(received, min(BATCH_MAX, len(received)))
        response = self.deliver(self.pipeline.update, batch, crash, faults)
        if response is not None:
            done = [each for each in batch if each["messageId"] not in failures(response)]
            self.pipeline.delete(self.pipeline.queue, done)

    @rule(seed=SEEDS, crash=CRASHES, faults=FAULTY)
    def redelivery(self, seed: int, crash: int | None, faults: list[str | None]) -> None:
        """Deliver once more what was delivered before, whatever became of it."""
        if self.old:
            function, batch = Random(seed).choice(self.old)
            self.deliver(function, batch, crash, faults)

    def deliver(
        self, function: Any, batch: list[Any], crash: int | None, faults: list[str | None]
    ) -> Any:
        """Return the response of a function, or None, if it has crashed."""
        if not batch:
            return None
        self.old.append((function, batch))
        self.delivered[function.__name__] += len(batch)
        self.wire.meet(faults)
        try:
            with crashing(self.clients, crash):
                response = function({"Records": batch}, Context(LEFT_MS if faults else ENOUGH_MS))
        except Crash:
            return None
        return response if crash is None else None

    def read_stream(self) -> None:
        """Read what is new in the stream."""
        records, self.iterator = self.pipeline.records(self.iterator)
        for record in records:
            image = record["dynamodb"]["NewImage"]
            if record["eventName"] == "MODIFY":
                self.changes[image["PK"]["S"].removeprefix("ORDER#")] += 1
            elif image["order_status"] == {"S": "ORDERED"}:
                self.stream.append(record)

    def deliver_all(self) -> None:
        """Deliver all there is, to functions that nothing happens to."""
        self.read_stream()
        while self.position < len(self.stream):
            self.stream_delivery(20, None, [])
        while messages := self.pipeline.receive(self.pipeline.queue, BATCH_MAX):
            assert failures(self.deliver(self.pipeline.update, messages, None, [])) == []
            self.pipeline.delete(self.pipeline.queue, messages)

    def teardown(self) -> None:
        """Try all that was parked once more; then every order is done, and only rubbish parked."""
        self.wire.meet([])
        self.deliver_all()
        for message in self.pipeline.drain(self.pipeline.dead_letters):
            self.pipeline.sqs.send_message(
                QueueUrl=self.pipeline.queue, MessageBody=message["body"]
            )
        for message in self.pipeline.drain(self.pipeline.failures):
            self.deliver(self.pipeline.process, [json.loads(message["body"])], None, [])
        self.deliver_all()
        self.read_stream()
        assert self.changes == dict.fromkeys(self.placed, 1)
        dead_letters = self.pipeline.drain(self.pipeline.dead_letters)
        assert {each["body"] for each in dead_letters} == self.rubbish
        parked = self.pipeline.drain(self.pipeline.failures)
        records = [json.loads(each["body"]) for each in parked]
        keys = {each["dynamodb"]["Keys"]["PK"]["S"] for each in records}
        assert keys == {f"ORDER#{each}" for each in self.spoiled}
        assert all(map(reason_of, [*dead_letters, *parked]))


def test_no_order_is_lost_or_done_twice(pipeline: Pipeline, wire: Wire) -> None:
    delivered: Counter[str] = Counter()
    attributes = {"pipeline": pipeline, "wire": wire, "delivered": delivered}
    machine = type("Machine", (Redelivery,), attributes)
    for _ in range(100):
        if delivered.total() >= DELIVERIES:
            break
        run_state_machine_as_test(machine, settings=TRIES)
    print(delivered)
    assert delivered.total() >= DELIVERIES
