"""Thousands of deliveries and all that may happen to them: no order is lost or done twice.

The table, its stream and the queues are the local cloud's. Lambda's part, which delivers to the two
event functions, is the machine's own, so that it can deliver twice, late and in another order, and
have a function crash between any two of its calls.
"""

import json
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)

from aws.client import ATTEMPTS_MAX
from tests.support.orders import RUBBISH, SPOILED, cart, new_order
from tests.support.pipeline import Context, Pipeline, failures, reason_of
from tests.support.wire import FAULTS, Prompt, Wire, later

BATCH_MAX = 5
LEFT_MS = 60_000  # Attempts run out before that.


class Mishap(NamedTuple):
    """What happens to a delivery: faults of its calls, and a crash in the place of a call."""

    faults: Sequence[str | None] = ()
    crash: int | None = None


def mishaps(kinds: list[str]) -> st.SearchStrategy[Mishap]:
    """Return what may happen to a delivery whose calls have those faults: one choice, to shrink."""
    crashes = [*(Mishap(crash=call) for call in range(4)), Mishap(["cut"], crash=1)]
    once = [Mishap([None] * call + [kind]) for kind in kinds for call in range(3)]
    for_good = [Mishap([kind] * ATTEMPTS_MAX * calls) for kind in kinds for calls in (1, 2)]
    faulty = [*crashes, *once, *for_good]
    return st.sampled_from([Mishap()] * (len(faulty) // 2) + faulty)


MISHAPS = {
    "stream": mishaps(["throttled", "failure", "lost", "cut", "partial", "refused"]),
    "queue": mishaps([*FAULTS, "refused"]),
    "again": mishaps([*FAULTS, "refused"]),
}
COUNTS = st.integers(1, BATCH_MAX)
PICKS = st.integers(0, 9)  # Of what there is, modulo how much that is.
# Many short runs find more than a few long ones, and are shrunk sooner. To explain what else would
# fail takes as long as to shrink, and tells little of what happens between processes.
TRIES = settings(
    max_examples=2 * settings().max_examples,
    phases=[Phase.reuse, Phase.generate, Phase.shrink],
    report_multiple_bugs=False,
    stateful_step_count=10,
)


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

    @initialize(count=COUNTS)
    def begin(self, count: int) -> None:
        """Begin at the end of the stream, with empty queues, and place orders."""
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
        for caller in callers:
            caller._rng = Prompt()  # noqa: SLF001
        self.place(count)

    @rule(count=COUNTS)
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

    @rule(body=st.sampled_from([*RUBBISH, cart(new_order().order_id), None]))
    def litter(self, body: str | None) -> None:
        """Put rubbish on the queue, or the message for an item that is not an order yet."""
        body = body or cart(self.pipeline.put(order_status={"S": "DRAFT"}))
        unique = " " * len(self.rubbish) + body
        self.pipeline.sqs.send_message(QueueUrl=self.pipeline.queue, MessageBody=unique)
        self.rubbish.add(unique)

    # One rule: Hypothesis leaves some rules out of a run, and of these it needs each.
    @rule(source=st.sampled_from(list(MISHAPS)), pick=PICKS, count=COUNTS, data=st.data())
    def delivery(self, source: str, pick: int, count: int, data: st.DataObject) -> None:
        """Deliver the stream's next records, or messages of the queue, or the same once more."""
        mishap = data.draw(MISHAPS[source])
        match source:
            case "stream":
                self.stream_delivery(count, mishap)
            case "queue":
                self.queue_delivery(pick, count, mishap)
            case "again" if self.old:  # Whatever became of it.
                function, batch = self.old[-1 - pick % len(self.old)]
                self.deliver(function, batch, mishap)

    def stream_delivery(self, count: int, mishap: Mishap) -> None:
        """Deliver the stream's next records, as Lambda does."""
        self.read_stream()
        batch = self.stream[self.position : self.position + count]
        response = self.deliver(self.pipeline.process, batch, mishap)
        if response is not None:
            numbers = [each["dynamodb"]["SequenceNumber"] for each in batch]
            failed = [numbers.index(each) for each in failures(response)]
            self.position += min(failed, default=len(batch))

    def queue_delivery(self, pick: int, count: int, mishap: Mishap) -> None:
        """Deliver messages of the queue, as Lambda does, in another order than they came."""
        received = deque(self.pipeline.receive(self.pipeline.queue))
        received.rotate(-pick)
        batch = list(received)[:count]
        response = self.deliver(self.pipeline.update, batch, mishap)
        if response is not None:
            done = [each for each in batch if each["messageId"] not in failures(response)]
            self.pipeline.delete(self.pipeline.queue, done)

    def deliver(self, function: Any, batch: list[Any], mishap: Mishap) -> Any:
        """Return the response of a function, or None, if it has crashed."""
        if not batch:
            return None
        self.old.append((function, batch))
        self.delivered[function.__name__] += len(batch)
        self.wire.meet(mishap.faults)
        try:
            with crashing(self.clients, mishap.crash):
                response = function({"Records": batch}, Context(LEFT_MS))
        except Crash:
            return None
        return response if mishap.crash is None else None

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
            self.stream_delivery(20, Mishap())
        while messages := self.pipeline.receive(self.pipeline.queue, BATCH_MAX):
            assert failures(self.deliver(self.pipeline.update, messages, Mishap())) == []
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
            self.deliver(self.pipeline.process, [json.loads(message["body"])], Mishap())
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
    run_state_machine_as_test(type("Machine", (Redelivery,), attributes), settings=TRIES)
    print(delivered)
    assert delivered.total() > 1000  # Or it tells little.
