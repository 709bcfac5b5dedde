"""Handles the messages of an SQS queue. None of them can use up the attempts of another.

https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from pydantic_core import ValidationError

from aws.client import ATTEMPT_S, has_time_for_attempt
from aws.errors import Refused, Unavailable
from invocation.invalid import describe_invalid
from invocation.log import log
from pipeline.batch import batch_handler, find_model
from pipeline.dead_letters import DeadLetterQueue, PermanentFailure, clean_reason
from pipeline.received import ReceivedMessage, Settlement

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from aws.sqs import SQS
    from pipeline.attempts import Attempts
    from pipeline.batch import Deadlines
    from pipeline.types import BatchResponse

ATTEMPTS_MAX = 3
NO_REASON = "The function crashed or timed out, or could not send the dead letter."


class Failure:
    """Why a message was not handled.

    It becomes a dead letter if it `is_dead`, and otherwise is retried. `attempts` were made at it.
    """

    def __init__(self, reason: str, *, is_dead: bool = False, attempts: int = 1) -> None:
        self.reason = reason
        self.is_dead = is_dead
        self.attempts = attempts


def consume(
    sqs: SQS, queue_url: str, attempts: Attempts, dead_letter_queue: DeadLetterQueue
) -> Callable[[Callable[..., None]], Callable[[Any, Any], BatchResponse]]:
    """Turn a function that handles one `message` into a Lambda handler for a standard SQS queue.

    The function has two parameters. The annotation of `message` is its model; `deadline` is when to
    stop, in seconds of `time.monotonic`. The function must be idempotent, since a queue may deliver
    a message again. The event source must have ReportBatchItemFailures.

    A message that does not parse, or for which the function raises `PermanentFailure`, becomes a
    dead letter. After any other error it is retried; after three attempts it becomes a dead letter.

    A message may also crash the function, or make it time out. Whatever was received before may be
    such a message. So it comes after the others of its batch, once these are off the queue, and its
    attempt is recorded before it is made. It is attempted three times after the first crash.

    >>> @consume(SQS(), queue_url, Attempts(DynamoDB(), table), DeadLetterQueue(SQS(), url))
    ... def update_cart_status(message: Cart, deadline: float) -> None: ...
    """

    def decorate(function: Callable[..., None]) -> Callable[[Any, Any], BatchResponse]:
        consumer = _Consumer(function, attempts)

        def handle(records: list[Any], deadlines: Deadlines) -> list[str]:
            settlement = Settlement(sqs, queue_url, dead_letter_queue)
            messages = sorted(map(ReceivedMessage, records), key=lambda each: each.receive)
            for place, message in enumerate(messages):
                deadline = deadlines.of_next_message(len(messages) - place)
                if message.receive > 1 and not settlement.settle(deadline - 3 * ATTEMPT_S):
                    failure: Failure | None = Failure("not attempted: others are not settled")
                else:
                    failure = consumer.handle(message, deadline)
                if failure is None:
                    settlement.add_done(message)
                elif failure.is_dead:
                    settlement.add_dead(message, failure.reason, failure.attempts)
                else:
                    settlement.add_retried(message, failure.reason)
            return settlement.finish(deadlines.dead_letters)

        return batch_handler(function, handle)

    return decorate


class _Consumer:
    """Handles one message at a time, and counts the attempts."""

    def __init__(self, function: Callable[..., None], attempts: Attempts) -> None:
        self._function = function
        self._model = find_model(function, "message")
        self._attempts = attempts

    def handle(self, message: ReceivedMessage, deadline: float) -> Failure | None:
        """Handle a message; return why it failed, or None if it did not."""
        attempt_end = deadline - ATTEMPT_S  # Leaves time to record a failure.
        if not has_time_for_attempt(attempt_end):
            return Failure("not attempted: no time")
        attempts, reason = 1, ""
        if message.receive > 1:
            try:
                attempts, reason = self._record(message, attempt_end - ATTEMPT_S)
            except (Refused, Unavailable) as error:
                return Failure(f"not attempted, since that could not be recorded: {error}")
        if attempts > ATTEMPTS_MAX:
            earlier = f" Before that: {reason}" if reason else ""
            return Failure(NO_REASON + earlier, is_dead=True, attempts=ATTEMPTS_MAX)
        failure = self._attempt(message, attempt_end)
        if failure:
            failure.attempts = attempts
            failure.is_dead |= attempts == ATTEMPTS_MAX
            if not failure.is_dead:
                self._record_failure(message, failure, deadline)
        return failure

    def _attempt(self, message: ReceivedMessage, deadline: float) -> Failure | None:
        try:
            parsed = self._model.model_validate_json(message.body)
        except ValidationError as invalid:
            return Failure(describe_invalid(invalid), is_dead=True)
        try:
            self._function(message=parsed, deadline=deadline)
        except PermanentFailure as failure:
            return Failure(str(failure), is_dead=True)
        except TimeoutError as error:
            return Failure(f"{type(error).__name__}: {error}")
        except Exception as error:  # noqa: BLE001 (logged)
            log("ERROR", "unexpected error", logger=__name__, error=error)
            return Failure(type(error).__name__)
        return None

    def _record_failure(self, message: ReceivedMessage, failure: Failure, deadline: float) -> None:
        try:
            self._record(message, deadline, clean_reason(failure.reason))
        except (Refused, Unavailable) as error:
            log("WARNING", f"attempt not recorded: {error}", logger=__name__, id=message.id)

    def _record(
        self, message: ReceivedMessage, deadline: float, reason: str = ""
    ) -> tuple[int, str]:
        return self._attempts.record(
            message.id, message.receive, time.time(), deadline, reason=reason
        )
