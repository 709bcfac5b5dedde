"""Handles the messages of an SQS queue. An exception in one does not affect the others.

https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from pydantic_core import ValidationError

from aws.times import format_time
from invocation.log import log
from pipeline.batch import batch_handler, find_model
from pipeline.dead_letters import DeadLetter, DeadLetterQueue, PermanentFailure, describe

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from pipeline.batch import Deadlines
    from pipeline.types import BatchResponse

# The queue's maxReceiveCount must be greater. A message that is received a fourth time has crashed
# the function, or its dead letter could not be sent.
MESSAGE_ATTEMPTS_MAX = 3


class FailedAttempt:
    """Why a message was not handled, and whether every retry would fail."""

    def __init__(self, reason: str, *, is_permanent: bool) -> None:
        self.reason = reason
        self.is_permanent = is_permanent


NO_REASON = FailedAttempt(
    f"It was received more than {MESSAGE_ATTEMPTS_MAX} times without a recorded reason: "
    "the function crashed, or could not send the dead letter.",
    is_permanent=True,
)


def consume(
    dead_letter_queue: DeadLetterQueue,
) -> Callable[[Callable[..., None]], Callable[[Any, Any], BatchResponse]]:
    """Turn a function that handles one `message` into a Lambda handler for an SQS queue.

    The function has two parameters. The annotation of `message` is its model; `deadline` is when to
    stop, in seconds of `time.monotonic`. The function must be idempotent, since a queue may deliver
    a message again.

    A message that does not parse, or for which the function raises `PermanentFailure`, becomes a
    dead letter. After any other error it is retried; after three attempts it becomes a dead letter.

    >>> @consume(DeadLetterQueue(SQS(), url))
    ... def update_cart_status(message: Cart, deadline: float) -> None: ...
    """

    def decorate(function: Callable[..., None]) -> Callable[[Any, Any], BatchResponse]:
        model = find_model(function, "message")

        def handle(records: list[Any], deadlines: Deadlines) -> list[str]:
            retried: list[str] = []
            dead_letters: dict[str, DeadLetter] = {}
            for place, record in enumerate(records):
                message_id, attempts = record["messageId"], _count_attempts(record)
                deadline = deadlines.of_next_message(len(records) - place)
                failed: FailedAttempt | None = NO_REASON
                if attempts <= MESSAGE_ATTEMPTS_MAX:
                    failed = _attempt(function, model, record["body"], deadline)
                if failed and (failed.is_permanent or attempts >= MESSAGE_ATTEMPTS_MAX):
                    dead_letters[message_id] = _dead_letter(record, failed.reason, attempts)
                elif failed:
                    log("WARNING", f"will retry: {failed.reason}", logger=__name__, id=message_id)
                    retried.append(message_id)
            return retried + sorted(dead_letter_queue.send(dead_letters, deadlines.dead_letters))

        return batch_handler(function, handle)

    return decorate


def _attempt(
    function: Callable[..., None], model: Any, body: str, deadline: float
) -> FailedAttempt | None:
    """Handle a message; return why it failed, or None if it did not."""
    try:
        message = model.model_validate_json(body)
    except ValidationError as invalid:
        return FailedAttempt(describe(invalid), is_permanent=True)
    try:
        function(message=message, deadline=deadline)
    except PermanentFailure as failure:
        return FailedAttempt(str(failure), is_permanent=True)
    except TimeoutError as error:
        return FailedAttempt(f"{type(error).__name__}: {error}", is_permanent=False)
    except Exception as error:  # noqa: BLE001 (logged)
        log("ERROR", "unexpected error", logger=__name__, error=error)
        return FailedAttempt(type(error).__name__, is_permanent=False)
    return None


def _count_attempts(record: Any) -> int:
    return int(record.get("attributes", {}).get("ApproximateReceiveCount", 1))


def _dead_letter(record: Any, reason: str, attempts: int) -> DeadLetter:
    sent_ms = int(record.get("attributes", {}).get("SentTimestamp", time.time() * 1000))
    # A dead letter that was put back on the queue keeps its first_seen.
    first_seen = record.get("messageAttributes", {}).get("first_seen", {}).get("stringValue")
    return DeadLetter(
        record["messageId"],
        record["body"],
        reason,
        attempts=attempts,
        first_seen=first_seen or format_time(sent_ms / 1000),
    )
