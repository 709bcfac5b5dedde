"""What handlers of streams and of queues share: batches, and the time for them."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from aws.client import ATTEMPT_S
from invocation.deadline import find_deadline
from invocation.log import log, start_invocation
from invocation.wrapping import update_wrapper

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from pipeline.types import BatchResponse

DEAD_LETTERS_S = ATTEMPT_S + 0.5  # Enough for one attempt to send ten dead letters.
# Enough for a message of a batch: to settle others, to record the attempt, to make it in one call,
# and to record a failure.
MESSAGE_S = 4 * ATTEMPT_S + 0.1


class Deadlines:
    """Two deadlines in seconds of `time.monotonic`: for the work, then for sending dead letters."""

    def __init__(self, context: Any) -> None:
        self.dead_letters = find_deadline(context)
        self.work = self.dead_letters - DEAD_LETTERS_S

    def of_next_message(self, remaining: int) -> float:
        """Return the deadline of the next of `remaining` messages.

        It is an equal share of the time left, but at least MESSAGE_S.
        """
        now = time.monotonic()
        return min(self.work, now + max((self.work - now) / remaining, MESSAGE_S))


def find_model(function: Callable[..., Any], parameter: str) -> Any:
    """Return the model that annotates a parameter of a function.

    Raises:
        TypeError: the annotation is missing or not a model class.
    """
    model: Any = function.__annotations__.get(parameter)
    if not hasattr(model, "model_rebuild"):
        raise TypeError(f"{function.__name__}: {parameter} needs a model class as its annotation")
    model.model_rebuild(raise_errors=False)  # In the init phase, not with the first event.
    return model


def batch_handler(
    function: Callable[..., Any], handle: Callable[[list[Any], Deadlines], list[str]]
) -> Callable[[Any, Any], BatchResponse]:
    """Turn `handle` into a Lambda handler, which logs one line a batch.

    `handle` returns the ids for `batchItemFailures`: of each message of a queue that failed, or of
    the first record of a stream that failed.
    """

    def handler(event: Any, context: Any) -> BatchResponse:
        started = time.perf_counter()
        start_invocation(context)
        records = event.get("Records") if isinstance(event, dict) else None
        if not isinstance(records, list):
            raise TypeError("An event of a stream or a queue needs a list of Records.")
        failures = handle(records, Deadlines(context))
        log(
            "INFO",
            "batch",
            logger=__name__,
            metrics=("records", "failures"),
            function=function.__name__,
            records=len(records),
            failures=len(failures),
            duration_ms=round((time.perf_counter() - started) * 1000, 3),
        )
        return {"batchItemFailures": [{"itemIdentifier": each} for each in failures]}

    update_wrapper(handler, function)
    return handler
