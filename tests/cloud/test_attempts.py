"""What counts as an attempt at a message, and what a message that crashes the function can cost."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import BaseModel

from aws.dynamodb import DynamoDB
from pipeline import Attempts, DeadLetterQueue, PermanentFailure, consume
from pipeline.queue import ATTEMPTS_MAX, NO_REASON
from tests.support.faulty_proxy import FaultyProxy
from tests.support.pipeline import Context, Crash, Pipeline, reason_of

if TYPE_CHECKING:
    from aws.sqs import SQS

# The attempt in which nobody knows yet that the message crashes the function is not counted.
CRASHES_MAX = ATTEMPTS_MAX + 1


class Note(BaseModel):
    """A message."""

    text: str


class Notes:
    """A function behind the queue. It raises what `outcomes` has for each attempt at a note."""

    def __init__(self, pipeline: Pipeline, dynamodb: DynamoDB, **outcomes: Any) -> None:
        self.pipeline = pipeline
        self.attempted: list[str] = []
        sqs: SQS = pipeline.process_module.QUEUES
        attempts = Attempts(dynamodb, pipeline.attempts)
        dead_letters = DeadLetterQueue(sqs, pipeline.dead_letters)

        @consume(sqs, pipeline.queue, attempts, dead_letters)
        def save_note(message: Note, deadline: float) -> None:
            assert deadline
            self.attempted.append(message.text)
            if outcome := next(outcomes.get(message.text, iter(())), None):
                raise outcome

        self.function = save_note

    def send(self, *texts: str) -> None:
        """Put notes on the queue."""
        for text in texts:
            body = Note(text=text).model_dump_json()
            self.pipeline.sqs.send_message(QueueUrl=self.pipeline.queue, MessageBody=body)

    def throttle(self, times: int = 1) -> None:
        """Receive all messages without delivering them, as Lambda does without free concurrency."""
        for _ in range(times):
            self.pipeline.receive(self.pipeline.queue)

    def deliver(self, context: Context | None = None) -> list[str]:
        """Deliver all messages, and return the texts of those left on the queue."""
        batch = self.pipeline.receive(self.pipeline.queue)
        self.pipeline.deliver(self.function, batch, context)
        return self.left()

    def crash(self) -> list[str]:
        """Deliver all messages, which crashes the function; return the texts of those left."""
        with pytest.raises(Crash):
            self.deliver()
        return self.left()

    def left(self) -> list[str]:
        """Return the texts of the messages on the queue, which receives them once more."""
        return [text_of(each) for each in self.pipeline.receive(self.pipeline.queue)]

    def dead_letters(self) -> dict[str, str]:
        """Take the dead letters; return the reason of each by its text."""
        taken = self.pipeline.drain(self.pipeline.dead_letters)
        return {text_of(each): reason_of(each) for each in taken}


def text_of(message: Any) -> str:
    """Return the text of a message."""
    return Note.model_validate_json(message["body"]).text


def always(outcome: BaseException) -> Iterator[BaseException]:
    """Yield the outcome of every attempt."""
    while True:
        yield outcome


@pytest.fixture(autouse=True)
def _empty(pipeline: Pipeline, faulty_proxy: FaultyProxy) -> None:
    faulty_proxy.inject([])
    pipeline.empty()


def test_a_receive_without_a_delivery_is_no_attempt(pipeline: Pipeline, dynamodb: DynamoDB) -> None:
    notes = Notes(pipeline, dynamodb)
    notes.send("healthy")
    notes.throttle(10)
    assert notes.deliver() == []
    assert notes.attempted == ["healthy"]
    assert notes.dead_letters() == {}


def test_a_message_that_crashes_the_function_becomes_a_dead_letter(
    pipeline: Pipeline, dynamodb: DynamoDB
) -> None:
    notes = Notes(pipeline, dynamodb, crasher=always(Crash()))
    notes.send("crasher")
    for _ in range(CRASHES_MAX):
        assert notes.crash() == ["crasher"]
    assert notes.deliver() == []
    assert notes.dead_letters() == {"crasher": NO_REASON}
    assert len(notes.attempted) == CRASHES_MAX


def test_a_message_that_crashes_the_function_costs_the_others_of_its_batch_only_time(
    pipeline: Pipeline, dynamodb: DynamoDB
) -> None:
    notes = Notes(pipeline, dynamodb, crasher=always(Crash()))
    notes.send("before", "crasher", "after")
    for _ in range(CRASHES_MAX):
        notes.crash()
    assert notes.deliver() == []
    assert notes.dead_letters() == {"crasher": NO_REASON}
    assert set(notes.attempted) == {"before", "crasher", "after"}


def test_messages_that_crash_the_function_do_not_use_up_the_attempts_of_each_other(
    pipeline: Pipeline, dynamodb: DynamoDB
) -> None:
    crashers = [f"crasher {number}" for number in range(3)]
    notes = Notes(pipeline, dynamodb, **{each: always(Crash()) for each in crashers})
    notes.send(*crashers, "healthy")
    for _ in range(CRASHES_MAX * len(crashers)):
        try:
            notes.deliver()
        except Crash:
            continue
        break
    assert notes.left() == []
    assert notes.dead_letters() == dict.fromkeys(crashers, NO_REASON)
    assert all(notes.attempted.count(each) >= ATTEMPTS_MAX for each in crashers)
    assert notes.attempted.count("healthy") == 1


def test_new_messages_are_off_the_queue_before_one_that_was_received_before_is_attempted(
    pipeline: Pipeline, dynamodb: DynamoDB
) -> None:
    wrong = always(PermanentFailure("No such note."))
    notes = Notes(pipeline, dynamodb, crasher=always(Crash()), wrong=wrong)
    notes.send("crasher")
    notes.throttle()
    notes.send("healthy", "wrong")
    assert notes.crash() == ["crasher"]
    assert notes.attempted == ["healthy", "wrong", "crasher"]
    assert notes.dead_letters() == {"wrong": "No such note."}


def test_of_messages_that_were_received_before_each_is_off_the_queue_before_the_next_is_attempted(
    pipeline: Pipeline, dynamodb: DynamoDB
) -> None:
    notes = Notes(pipeline, dynamodb, crasher=always(Crash()))
    notes.send("healthy", "crasher")
    notes.throttle()
    assert notes.crash() == ["crasher"]


def test_a_message_that_fails_three_times_becomes_a_dead_letter_with_the_last_reason(
    pipeline: Pipeline, dynamodb: DynamoDB
) -> None:
    reasons = iter([TimeoutError("one"), TimeoutError("two"), TimeoutError("three")])
    notes = Notes(pipeline, dynamodb, slow=reasons)
    notes.send("slow")
    assert notes.deliver() == ["slow"]
    notes.throttle()
    assert notes.deliver() == ["slow"]
    notes.throttle()
    assert notes.deliver() == []
    (dead_letter,) = pipeline.drain(pipeline.dead_letters)
    assert reason_of(dead_letter) == "TimeoutError: three"
    assert dead_letter["messageAttributes"]["attempts"]["StringValue"] == "3"


def test_a_message_that_crashes_after_a_failure_ends_with_both_reasons(
    pipeline: Pipeline, dynamodb: DynamoDB
) -> None:
    notes = Notes(
        pipeline, dynamodb, worse=iter([TimeoutError("Löwe"), *[Crash()] * (ATTEMPTS_MAX - 1)])
    )
    notes.send("worse")
    assert notes.deliver() == ["worse"]
    for _ in range(ATTEMPTS_MAX - 1):
        notes.crash()
    assert notes.deliver() == []
    assert notes.dead_letters() == {"worse": f"{NO_REASON} Before that: TimeoutError: L?we"}


def test_an_attempt_that_cannot_be_recorded_is_not_made(
    pipeline: Pipeline, dynamodb: DynamoDB, faulty_proxy: FaultyProxy
) -> None:
    notes = Notes(pipeline, dynamodb)
    notes.send("healthy")
    notes.throttle()
    faulty_proxy.inject(["throttled"] * 100, service="DynamoDB")
    for _ in range(CRASHES_MAX):
        assert notes.deliver(Context(10_000)) == ["healthy"]
    assert notes.attempted == []
    faulty_proxy.inject([])
    assert notes.deliver() == []
    assert notes.attempted == ["healthy"]


def test_an_attempt_for_which_there_is_no_time_is_not_made(
    pipeline: Pipeline, dynamodb: DynamoDB
) -> None:
    notes = Notes(pipeline, dynamodb)
    notes.send("healthy")
    for _ in range(CRASHES_MAX):
        assert notes.deliver(Context(4000)) == ["healthy"]
    assert notes.attempted == []
    assert notes.dead_letters() == {}


@pytest.mark.parametrize(("other", "left"), [("healthy", set()), ("wrong", {"wrong"})])
def test_while_others_cannot_be_settled_no_message_that_was_received_before_is_attempted(
    pipeline: Pipeline,
    dynamodb: DynamoDB,
    faulty_proxy: FaultyProxy,
    other: str,
    left: set[str],
) -> None:
    wrong = always(PermanentFailure("No such note."))
    notes = Notes(pipeline, dynamodb, crasher=always(Crash()), wrong=wrong)
    notes.send("crasher")
    notes.throttle()
    notes.send(other)
    faulty_proxy.inject(["throttled"] * 100, service="AmazonSQS")
    assert set(notes.deliver(Context(10_000))) == {"crasher"} | left
    assert notes.attempted == [other]


def test_a_recorded_attempt_whose_response_is_lost_counts_once(
    pipeline: Pipeline, dynamodb: DynamoDB, faulty_proxy: FaultyProxy
) -> None:
    notes = Notes(pipeline, dynamodb, slow=always(TimeoutError()))
    notes.send("slow")
    for number in range(ATTEMPTS_MAX):
        faulty_proxy.inject(["cut"] * 3, service="DynamoDB")
        assert notes.deliver() == (["slow"] if number < ATTEMPTS_MAX - 1 else [])
    assert len(notes.attempted) == ATTEMPTS_MAX
