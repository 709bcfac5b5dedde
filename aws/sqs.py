"""SQS, by the operation that producers call, in its own terms.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html
"""

import contextlib
import time
from collections.abc import Iterator
from typing import Any, NamedTuple, TypeVar

from botocore.exceptions import ClientError

from aws.client import ATTEMPT_S, Client, TransientError, Unavailable

BATCH_MAX = 10
BYTES_MAX = 1024 * 1024  # Of a message, and of all in a batch; attributes count.

Key = TypeVar("Key")  # What the caller knows a message by.


class Message(NamedTuple):
    """What is sent: a text, which a person can read, and attributes beside it."""

    body: str
    attributes: dict[str, str] = {}  # noqa: RUF012 (nobody changes it)

    def size_bytes(self) -> int:
        """Return what it counts of BYTES_MAX."""
        attributes = (f"{name}String{value}" for name, value in self.attributes.items())
        return len("".join([self.body, *attributes]).encode())


class Unsent(NamedTuple):
    """Why a message could not be sent, and how often it was tried."""

    reason: str
    attempts: int


class SQS(Client):
    """A client of SQS."""

    SERVICE = "sqs"

    def send_message_batch(
        self, deadline: float, queue_url: str, messages: dict[Key, Message]
    ) -> dict[Key, Unsent]:
        """Send messages, and return those that could not be sent, by their keys.

        Each batch is tried once before any is tried again, so that a queue which is slow for one
        is not for all. What SQS takes only in part is tried again for the rest; what it did not
        answer may be sent twice.
        """
        unsent = {key: Unsent("no time for an attempt", 0) for key in messages}
        pending = dict(messages)

        def send_all() -> None:
            for batch in _batches(pending):
                if time.monotonic() + ATTEMPT_S > deadline:
                    break
                self._send(queue_url, batch, pending, unsent)
            if pending:
                raise TransientError("not all of it was taken")

        with contextlib.suppress(Unavailable):
            self._try(send_all, deadline)
        return unsent

    def _send(
        self,
        queue_url: str,
        batch: list[tuple[Key, Message]],
        pending: dict[Key, Message],
        unsent: dict[Key, Unsent],
    ) -> None:
        """Try a batch once; take out of `unsent` what is sent, and of `pending` what is settled."""
        entries = [_entry(str(number), message) for number, (_, message) in enumerate(batch)]
        keys = {str(number): key for number, (key, _) in enumerate(batch)}

        def fail(key: Key, reason: str, *, is_final: bool) -> None:
            unsent[key] = Unsent(reason, unsent[key].attempts + 1)
            if is_final:  # It would fail again.
                del pending[key]

        try:
            response = self._translate(
                lambda: self._client.send_message_batch(QueueUrl=queue_url, Entries=entries)
            )
        except (TransientError, ClientError) as error:
            for key in keys.values():
                fail(key, str(error), is_final=isinstance(error, ClientError))
            return
        for sent in response.get("Successful", []):
            del pending[keys[sent["Id"]]], unsent[keys[sent["Id"]]]
        for failed in response.get("Failed", []):
            fail(keys[failed["Id"]], failed["Code"], is_final=failed["SenderFault"])


def _entry(entry_id: str, message: Message) -> dict[str, Any]:
    attributes = {
        name: {"DataType": "String", "StringValue": value}
        for name, value in message.attributes.items()
    }
    return {"Id": entry_id, "MessageBody": message.body, "MessageAttributes": attributes}


def _batches(messages: dict[Key, Message]) -> Iterator[list[tuple[Key, Message]]]:
    """Yield as many messages at a time, with their keys, as SQS takes."""
    batch: list[tuple[Key, Message]] = []
    size = 0
    for key, message in list(messages.items()):
        if batch and (len(batch) == BATCH_MAX or size + message.size_bytes() > BYTES_MAX):
            yield batch
            batch, size = [], 0
        batch.append((key, message))
        size += message.size_bytes()
    if batch:
        yield batch
