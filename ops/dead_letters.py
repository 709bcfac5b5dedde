"""The dead letters of one SQS queue, for a command that shows, retries or deletes them."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from aws.sqs import BATCH_MAX

VISIBILITY_TIMEOUT_S = 300  # Of received messages.
SHOWN_MAX = 100  # Characters of a body.

Message = dict[str, Any]  # As SQS's ReceiveMessage returns it.


class DeadLetters:
    """A dead-letter queue, under its logical name."""

    def __init__(self, sqs: Any, name: str, url: str) -> None:
        self.name = name
        self._sqs = sqs
        self._url = url
        self._received: dict[str, Message] = {}  # By id; without those that were deleted.

    @contextmanager
    def receiving(self) -> Iterator[Iterator[Message]]:
        """Receive the messages of the queue. At the end, those not deleted become visible again.

        >>> with dead_letters.receiving() as messages:
        ...     for message in messages:
        ...         dead_letters.delete(message)
        """
        try:
            yield self._receive_all()
        finally:
            self._release(list(self._received.values()))
            self._received = {}

    def delete(self, message: Message) -> None:
        """Delete a received message."""
        self._sqs.delete_message(QueueUrl=self._url, ReceiptHandle=message["ReceiptHandle"])
        del self._received[message["MessageId"]]

    def _receive_all(self) -> Iterator[Message]:
        """Yield the messages that are on the queue now, and none that arrive meanwhile."""
        visible, hidden = self._count()
        print(f"{self.name}: {visible}")
        if hidden:
            minutes = VISIBILITY_TIMEOUT_S // 60
            print(f"  and {hidden} that another redrive has received, for up to {minutes} minutes")
        while visible > 0 and (messages := self._receive(min(visible, BATCH_MAX))):
            visible -= len(messages)
            self._received |= {message["MessageId"]: message for message in messages}
            yield from messages

    def _count(self) -> tuple[int, int]:
        """Return how many messages are visible, and how many hidden."""
        names = [f"ApproximateNumberOfMessages{suffix}" for suffix in ("", "NotVisible")]
        response = self._sqs.get_queue_attributes(QueueUrl=self._url, AttributeNames=names)
        visible, hidden = (int(response["Attributes"][name]) for name in names)
        return visible, hidden

    def _receive(self, limit: int) -> list[Message]:
        received: list[Message] = self._sqs.receive_message(
            QueueUrl=self._url,
            MaxNumberOfMessages=limit,
            MessageSystemAttributeNames=["SentTimestamp"],
            MessageAttributeNames=["All"],
            VisibilityTimeout=VISIBILITY_TIMEOUT_S,
            WaitTimeSeconds=1,  # Without it, SQS only asks some of its servers.
        ).get("Messages", [])
        return received

    def _release(self, messages: list[Message]) -> None:
        """Make messages visible again; Ctrl-C waits for that."""
        handler = signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            self._make_visible(messages)
        finally:
            signal.signal(signal.SIGINT, handler)

    def _make_visible(self, messages: list[Message]) -> None:
        for start in range(0, len(messages), BATCH_MAX):
            # An entry fails alone if somebody else has received the message since.
            self._sqs.change_message_visibility_batch(
                QueueUrl=self._url,
                Entries=[
                    {
                        "Id": str(number),
                        "ReceiptHandle": message["ReceiptHandle"],
                        "VisibilityTimeout": 0,
                    }
                    for number, message in enumerate(messages[start : start + BATCH_MAX])
                ],
            )


def show(message: Message, outcome: str) -> None:
    """Print what was done with a message, its reason, and the start of its body."""
    attributes = message.get("MessageAttributes", {})
    values = {name: attributes[name].get("StringValue") for name in attributes}
    print(f"  {message['MessageId']} {outcome}")
    if "first_seen" in values:
        print(
            f"    first seen {values['first_seen']}, attempts: {values.get('attempts', 'unknown')}"
        )
    none = "no reason: SQS or Lambda wrote it"
    print(f"    {values.get('reason', none)}")
    print(f"    {message['Body'][:SHOWN_MAX]!r}")
