"""From a stream to a queue: what a table's new items say.

https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html
"""

from __future__ import annotations

import json
import logging
import time
from typing import TYPE_CHECKING, Any

from pydantic_core import ValidationError

from aws.dynamodb import to_python
from aws.sqs import BYTES_MAX, SQS, Message
from aws.times import format_time
from pipeline.batch import batch_handler, find_model
from pipeline.parking import ATTRIBUTES_MAX, Parked, ParkingQueue, Unprocessable, describe

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipeline.batch import BatchResponse, Deadlines

logger = logging.getLogger(__name__)


def forward(
    sqs: SQS, queue_url: str, parking: ParkingQueue
) -> Callable[[Callable[..., Any]], Callable[[Any, Any], BatchResponse]]:
    """Return what turns a function from an `image` to a message into the handler of a stream.

    The annotation of `image` is the model of a table's new items; what the function gives is a
    model, too, and goes on the queue as JSON. A record that does not parse, or that the function
    raises for, is parked at once: in a stream, whatever is tried again holds up all that follow.
    What the queue does not take is tried again in the time there is, and then parked. What cannot
    even be parked is what Lambda is told of: it delivers that and all after it again.
    """

    def decorate(function: Callable[..., Any]) -> Callable[[Any, Any], BatchResponse]:
        model = find_model(function, "image")

        def convert(record: Any) -> str:
            """Return the message for a record, or raise `Unprocessable`."""
            try:
                item = _change(record).get("NewImage") or {}
                image = model.model_validate(to_python({"M": item}))
                return str(function(image=image).model_dump_json())
            except ValidationError as invalid:
                raise Unprocessable(describe(invalid)) from None
            except Unprocessable:
                raise
            except Exception as error:
                logger.exception("unforeseen failure")
                raise Unprocessable(type(error).__name__) from None

        def handle(records: list[Any], deadlines: Deadlines) -> list[str]:
            parked: dict[int, Parked] = {}
            messages: dict[int, Message] = {}
            for index, record in enumerate(records):
                try:
                    messages[index] = Message(convert(record))
                except Unprocessable as unprocessable:
                    parked[index] = _park(record, str(unprocessable), attempts=1)
            unsent = sqs.send_message_batch(deadlines.work, queue_url, messages)
            for index, (reason, attempts) in unsent.items():
                parked[index] = _park(records[index], reason, attempts)
            unparked = parking.park(parked, deadlines.parking)
            # The first has the lowest number, from which on Lambda takes all up again.
            return [_number(records[min(unparked)])] if unparked else []

        return batch_handler(function, handle)

    return decorate


def _change(record: Any) -> dict[str, Any]:
    change: dict[str, Any] = record.get("dynamodb", {})
    return change


def _number(record: Any) -> str:
    # Without one, as a person may type it, Lambda takes all of the batch for failed.
    return str(_change(record).get("SequenceNumber", ""))


def _park(record: Any, reason: str, attempts: int) -> Parked:
    change = _change(record)
    body = json.dumps(record)
    if len(body) > BYTES_MAX - ATTRIBUTES_MAX:
        # The item is in the table all the same, under the record's Keys.
        body = json.dumps(record | {"dynamodb": change | {"NewImage": None}})
        reason = f"{reason} (and it is too large for a queue, so it is here without its image)"
    first_seen_s = change.get("ApproximateCreationDateTime", time.time())
    return Parked(_number(record), body, reason, attempts, format_time(first_seen_s))
