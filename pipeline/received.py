"""The messages of a batch, and what becomes of each."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from aws.errors import Refused, Unavailable
from aws.times import format_time
from invocation.log import log
from pipeline.dead_letters import DeadLetter

if TYPE_CHECKING:
    from typing import Any

    from aws.sqs import SQS
    from pipeline.dead_letters import DeadLetterQueue


class ReceivedMessage:
    """A message as Lambda delivers it.

    `receive` counts its receives, this one included, and `first_seen` is a time in RFC 3339.

    https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html#example-standard-queue-message-event
    """

    def __init__(self, record: Any) -> None:
        attributes = record.get("attributes", {})
        self.id: str = record["messageId"]
        self.body: str = record["body"]
        self.receipt_handle: str = record.get("receiptHandle", "")
        self.receive = int(attributes.get("ApproximateReceiveCount", 1))
        sent_ms = int(attributes.get("SentTimestamp", time.time() * 1000))
        # A dead letter that was put back on the queue keeps its first_seen.
        kept = record.get("messageAttributes", {}).get("first_seen", {}).get("stringValue")
        self.first_seen: str = kept or format_time(sent_ms / 1000)


class Settlement:
    """Takes what is done off the queue, and sends the dead letters.

    Without `settle`, that happens after the batch: Lambda deletes what `finish` does not return.
    """

    def __init__(self, sqs: SQS, queue_url: str, dead_letter_queue: DeadLetterQueue) -> None:
        self._sqs = sqs
        self._queue_url = queue_url
        self._dead_letter_queue = dead_letter_queue
        self._done: list[str] = []  # Receipt handles.
        self._dead: dict[ReceivedMessage, DeadLetter] = {}
        self._retried: list[str] = []  # Ids.

    def add_done(self, message: ReceivedMessage) -> None:
        """Add a message that was handled."""
        self._done.append(message.receipt_handle)

    def add_dead(self, message: ReceivedMessage, reason: str, attempts: int) -> None:
        """Add a message that is to become a dead letter."""
        self._dead[message] = DeadLetter(
            message.id, message.body, reason, attempts=attempts, first_seen=message.first_seen
        )

    def add_retried(self, message: ReceivedMessage, reason: str) -> None:
        """Add a message that is to be delivered again."""
        log("WARNING", f"will retry: {reason}", logger=__name__, id=message.id)
        self._retried.append(message.id)

    def settle(self, deadline: float) -> bool:
        """Send the dead letters, and delete them and what is done; return whether all that is done.

        A crash of the function then has no effect on these messages.
        """
        self._send(deadline)
        try:
            self._sqs.delete(self._queue_url, self._done, deadline)
        except (Refused, Unavailable) as error:
            log("WARNING", f"not deleted yet: {error}", logger=__name__)
            return False
        self._done = []
        return not self._dead

    def finish(self, deadline: float) -> list[str]:
        """Send the remaining dead letters; return the ids of messages to deliver again."""
        self._send(deadline)
        return self._retried + [message.id for message in self._dead]

    def _send(self, deadline: float) -> None:
        unsent = self._dead_letter_queue.send(self._dead, deadline)
        self._done += [each.receipt_handle for each in self._dead if each not in unsent]
        self._dead = {each: self._dead[each] for each in unsent}
