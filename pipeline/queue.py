"""From a queue to an effect: one message at a time, each on its own in its failure.

https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
"""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic_core import ValidationError

from aws.times import format_time
from pipeline.batch import batch_handler, find_model
from pipeline.parking import Parked, ParkingQueue, Unprocessable, describe

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipeline.batch import BatchResponse, Deadlines

logger = logging.getLogger(__name__)

# The queue's own maxReceiveCount must be greater: what comes once more after its last attempt is
# what ended the function, or could not be parked.
ATTEMPTS_MAX = 3


class Failed(NamedTuple):
    """Why a message was not handled, and whether trying again is of no use."""

    reason: str
    is_final: bool


UNTOLD = Failed(
    f"It was tried {ATTEMPTS_MAX} times, and the function ended before it could tell why.",
    is_final=True,
)


def consume(
    parking: ParkingQueue,
) -> Callable[[Callable[..., None]], Callable[[Any, Any], BatchResponse]]:
    """Return what turns a function of one `message` into the Lambda handler behind an SQS queue.

    The annotation of `message` is its model; `deadline`, in seconds of `time.monotonic`, is when to
    stop. What the function returns from is done and must be so however often it comes. What it
    raises `Unprocessable` for is parked, as is what does not parse; after anything else the message
    comes again, by itself, until it was tried three times.
    """

    def decorate(function: Callable[..., None]) -> Callable[[Any, Any], BatchResponse]:
        model = find_model(function, "message")

        def handle(records: list[Any], deadlines: Deadlines) -> list[str]:
            again: list[str] = []
            parked: dict[str, Parked] = {}
            for place, record in enumerate(records):
                message_id, attempts = record["messageId"], _count_attempts(record)
                if attempts > ATTEMPTS_MAX:
                    failed: Failed | None = UNTOLD
                else:
                    deadline = deadlines.share_of_work(len(records) - place)
                    failed = _attempt(function, model, record["body"], deadline)
                if failed and (failed.is_final or attempts >= ATTEMPTS_MAX):
                    parked[message_id] = _park(record, failed.reason, attempts)
                elif failed:
                    logger.warning("failed: %s", failed.reason, extra={"id": message_id})
                    again.append(message_id)
            return again + sorted(parking.park(parked, deadlines.parking))

        return batch_handler(function, handle)

    return decorate


def _attempt(
    function: Callable[..., None], model: Any, body: str, deadline: float
) -> Failed | None:
    """Return why a message could not be handled, or None: it is."""
    try:
        message = model.model_validate_json(body)
    except ValidationError as invalid:
        return Failed(describe(invalid), is_final=True)
    try:
        function(message=message, deadline=deadline)
    except Unprocessable as unprocessable:
        return Failed(str(unprocessable), is_final=True)
    except TimeoutError as error:
        return Failed(f"{type(error).__name__}: {error}", is_final=False)
    except Exception as error:
        logger.exception("unforeseen failure")
        return Failed(type(error).__name__, is_final=False)
    return None


def _count_attempts(record: Any) -> int:
    return int(record.get("attributes", {}).get("ApproximateReceiveCount", 1))


def _park(record: Any, reason: str, attempts: int) -> Parked:
    sent_ms = int(record.get("attributes", {}).get("SentTimestamp", time.time() * 1000))
    # What was parked before and put back has kept it.
    kept = record.get("messageAttributes", {}).get("first_seen", {}).get("stringValue")
    first_seen = kept or format_time(sent_ms / 1000)
    return Parked(record["messageId"], record["body"], reason, attempts, first_seen)
