"""What handlers of streams and of queues share: batches, and the time for them."""

from __future__ import annotations

import functools
import logging
import time
from typing import TYPE_CHECKING, Any, TypedDict

from aws.client import ATTEMPT_S
from invocation.deadline import find_deadline

if TYPE_CHECKING:
    from collections.abc import Callable

logger = logging.getLogger(__name__)

DEAD_LETTERS_S = ATTEMPT_S + 0.5  # Enough to send dead letters in one attempt.
TURN_S = ATTEMPT_S + 0.1  # Enough for one attempt at one message of a batch.


class Failure(TypedDict):
    """A record or message that Lambda is to deliver again."""

    itemIdentifier: str


class BatchResponse(TypedDict):
    """The response that Lambda expects under ReportBatchItemFailures."""

    batchItemFailures: list[Failure]


class Deadlines:
    """When to stop handling records, and then sending dead letters, in `time.monotonic` seconds."""

    def __init__(self, context: Any) -> None:
        self.dead_letters = find_deadline(context)
        self.work = self.dead_letters - DEAD_LETTERS_S

    def next_turn(self, waiting: int) -> float:
        """Return the deadline for one of `waiting` messages, which share the time left evenly."""
        now = time.monotonic()
        return min(self.work, now + max((self.work - now) / waiting, TURN_S))


def find_model(function: Callable[..., Any], parameter: str) -> Any:
    """Return the model that annotates a parameter of a function.

    Raises:
        TypeError: the annotation is missing or not a class.
    """
    model = function.__annotations__.get(parameter)
    if not isinstance(model, type):
        raise TypeError(f"{function.__name__}: {parameter} needs a model class as its annotation")
    return model


def batch_handler(
    function: Callable[..., Any], handle: Callable[[list[Any], Deadlines], list[str]]
) -> Callable[[Any, Any], BatchResponse]:
    """Make a Lambda handler of `handle`, which returns the ids of the records to deliver again.

    The handler logs one line a batch.
    """

    @functools.wraps(function)
    def handler(event: Any, context: Any) -> BatchResponse:
        started = time.perf_counter()
        records = event.get("Records") if isinstance(event, dict) else None
        if not isinstance(records, list):
            raise TypeError("An event of a stream or a queue needs a list of Records.")
        retried = handle(records, Deadlines(context))
        logger.info(
            "batch",
            extra={
                "function": function.__name__,
                "records": len(records),
                "retried": len(retried),
                "duration_ms": round((time.perf_counter() - started) * 1000, 3),
            },
        )
        return {"batchItemFailures": [{"itemIdentifier": each} for each in retried]}

    return handler
