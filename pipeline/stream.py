"""From a table's stream to a queue: each record becomes a message.

https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from pydantic_core import ValidationError

from aws.dynamodb import unmarshal
from aws.sqs import BYTES_MAX, Message
from aws.times import format_time
from invocation.invalid import describe_invalid
from invocation.json_text import to_ascii_json
from invocation.log import log
from pipeline.batch import batch_handler, find_model
from pipeline.dead_letters import ATTRIBUTES_MAX, DeadLetter, PermanentFailure

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from aws.sqs import SQS
    from pipeline.batch import Deadlines
    from pipeline.dead_letters import DeadLetterQueue
    from pipeline.types import BatchResponse


def forward(
    sqs: SQS, queue_url: str, dead_letter_queue: DeadLetterQueue
) -> Callable[[Callable[..., Any]], Callable[[Any, Any], BatchResponse]]:
    """Turn a function that takes an `image` and returns a message into a handler for a stream.

    The event source's filter selects the records. The event source must have
    ReportBatchItemFailures. The annotation of `image` is the model of the table's items. The
    function returns another model, which goes on the queue as JSON.

    A record that does not parse, or for which the function raises, becomes a dead letter at once: a
    stream delivers in order, so a retry would hold up all records after it. A message that the
    queue does not accept is retried until the deadline, and then becomes a dead letter. If that
    cannot be sent, Lambda delivers this record and all after it again.

    >>> @forward(SQS(), queue_url, DeadLetterQueue(SQS(), url))
    ... def process_cart_products(image: StoredOrder) -> Cart: ...
    """

    def decorate(function: Callable[..., Any]) -> Callable[[Any, Any], BatchResponse]:
        model = find_model(function, "image")

        def handle(records: list[Any], deadlines: Deadlines) -> list[str]:
            dead_letters: dict[int, DeadLetter] = {}
            messages: dict[int, Message] = {}
            for index, record in enumerate(records):
                try:
                    messages[index] = Message(_convert(function, model, record))
                except PermanentFailure as failure:
                    dead_letters[index] = _dead_letter(record, str(failure), attempts=1)
            for index, unsent in sqs.send(queue_url, messages, deadlines.work).items():
                dead_letters[index] = _dead_letter(records[index], unsent.reason, unsent.attempts)
            lost = dead_letter_queue.send(dead_letters, deadlines.dead_letters)
            # Lambda delivers again from the lowest sequence number on: that of the first record.
            return [_sequence_number(records[min(lost)])] if lost else []

        return batch_handler(function, handle)

    return decorate


def _convert(function: Callable[..., Any], model: Any, record: Any) -> str:
    """Return the message for a record.

    Raises:
        PermanentFailure: the record does not parse, or the function raised.
    """
    try:
        image = model.model_validate(unmarshal(_change(record).get("NewImage") or {}))
        return str(function(image=image).model_dump_json())
    except ValidationError as invalid:
        raise PermanentFailure(describe_invalid(invalid)) from None
    except PermanentFailure:
        raise
    except Exception as error:  # noqa: BLE001 (logged)
        log("ERROR", "unexpected error", logger=__name__, error=error)
        raise PermanentFailure(type(error).__name__) from None


def _change(record: Any) -> dict[str, Any]:
    change: dict[str, Any] = record.get("dynamodb", {})
    return change


def _sequence_number(record: Any) -> str:
    # Records that Lambda did not deliver may have none.
    return str(_change(record).get("SequenceNumber", ""))


def _dead_letter(record: Any, reason: str, attempts: int) -> DeadLetter:
    change = _change(record)
    body = to_ascii_json(record)
    if len(body) > BYTES_MAX - ATTRIBUTES_MAX:
        # The item is still in the table, under the record's Keys.
        body = to_ascii_json(record | {"dynamodb": change | {"NewImage": None}})
        reason = f"{reason} (NewImage is left out: the record is too large for a queue)"
    first_seen_s = change.get("ApproximateCreationDateTime", time.time())
    return DeadLetter(
        _sequence_number(record),
        body,
        reason,
        attempts=attempts,
        first_seen=format_time(first_seen_s),
    )
