"""What records of a stream and messages of a queue have in common: they come in batches."""

from __future__ import annotations

import functools
import logging
import time
from typing import TYPE_CHECKING, Any, TypedDict

from aws.client import ATTEMPT_S

if TYPE_CHECKING:
    from collections.abc import Callable

logger = logging.getLogger(__name__)

ANSWER_S = 0.3  # For what comes after a function's last call: the reply, the log line.
PARKING_S = ATTEMPT_S + 0.5  # For one attempt, at least, to park what could not be handled.
TURN_S = ATTEMPT_S + 0.1  # For one attempt, at least, at one of many.
TIME_LEFT_MS = 6000  # As `serverless invoke local` has it, for who calls without a context.


class Failure(TypedDict):
    """What Lambda is to deliver again."""

    itemIdentifier: str


class BatchResponse(TypedDict):
    """What Lambda takes from a function under ReportBatchItemFailures."""

    batchItemFailures: list[Failure]


class Deadlines:
    """When to stop, in seconds of `time.monotonic`: with the work, and with parking."""

    def __init__(self, context: Any) -> None:
        left = getattr(context, "get_remaining_time_in_millis", lambda: TIME_LEFT_MS)
        self.parking = time.monotonic() + left() / 1000 - ANSWER_S
        self.work = self.parking - PARKING_S

    def share_of_work(self, waiting: int) -> float:
        """Return when to stop with one of so many that wait, so that each has its turn."""
        now = time.monotonic()
        return min(self.work, now + max((self.work - now) / waiting, TURN_S))


def find_model(function: Callable[..., Any], name: str) -> Any:
    """Return the model that a function's parameter of that name is annotated with.

    Raises:
        TypeError: there is none.
    """
    model = function.__annotations__.get(name)
    if not isinstance(model, type):
        raise TypeError(f"{function.__name__}: {name} does not name its model's class")
    return model


def batch_handler(
    function: Callable[..., Any], handle: Callable[[list[Any], Deadlines], list[str]]
) -> Callable[[Any, Any], BatchResponse]:
    """Return the Lambda handler around what gives the ids of those that are to come again.

    It logs one line a batch.
    """

    @functools.wraps(function)
    def handler(event: Any, context: Any) -> BatchResponse:
        started = time.perf_counter()
        records = event.get("Records") if isinstance(event, dict) else None
        if not isinstance(records, list):
            raise TypeError("An event of a stream or a queue has a list of Records.")
        again = handle(records, Deadlines(context))
        logger.info(
            "batch",
            extra={
                "function": function.__name__,
                "records": len(records),
                "again": len(again),
                "duration_ms": round((time.perf_counter() - started) * 1000, 3),
            },
        )
        return {"batchItemFailures": [{"itemIdentifier": each} for each in again]}

    return handler
