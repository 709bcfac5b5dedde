"""SQS: messages sent and deleted in batches.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_DeleteMessageBatch.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws.client import Client, has_time_for_attempt
from aws.errors import ServiceError, TransientError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import TypeVar

    from mypy_boto3_sqs import type_defs as types

    T = TypeVar("T")  # The caller's key for a message.

BATCH_MAX = 10
BYTES_MAX = 1024 * 1024  # Of a message with its attributes, and of a batch.


class Message:
    """A body and its attributes. SQS rejects some control characters in both."""

    __slots__ = ("attributes", "body")

    def __init__(self, body: str, attributes: Mapping[str, str] | None = None) -> None:
        self.body = body
        self.attributes = attributes or {}

    def size_bytes(self) -> int:
        """Return the size that counts towards BYTES_MAX."""
        attributes = (f"{name}String{value}" for name, value in self.attributes.items())
        return len("".join([self.body, *attributes]).encode())


class Unsent:
    """Why a message could not be sent, and after how many attempts."""

    __slots__ = ("attempts", "reason")

    def __init__(self, reason: str, attempts: int) -> None:
        self.reason = reason
        self.attempts = attempts


class SQS(Client):
    """A client of SQS."""

    SERVICE = "sqs"
    TARGET = "AmazonSQS"

    def send(self, queue_url: str, messages: dict[T, Message], deadline: float) -> dict[T, Unsent]:
        """Send messages in batches; return those that could not be sent in time, by key.

        Every batch gets one attempt before any is retried, so that one slow batch does not use up
        the time of the others. A message may be sent twice: a batch whose outcome is unknown is
        retried.
        """
        unsent = {key: Unsent("no time for an attempt", 0) for key in messages}
        waiting = dict(messages)
        for _ in self._attempts(deadline):
            for batch in _batches(waiting):
                if has_time_for_attempt(deadline):
                    self._send_batch(queue_url, batch, waiting, unsent)
            if not waiting:
                break
        return unsent

    def delete(self, queue_url: str, receipt_handles: list[str], deadline: float) -> None:
        """Delete received messages.

        A receipt handle that SQS calls invalid is skipped: the message was deleted before, or has
        been received again since, and only the handle of that receive can delete it.

        Raises:
            ServiceError: SQS refuses the call, for example for want of a permission.
            Unavailable: some messages could not be deleted in time.
        """
        entries: list[types.DeleteMessageBatchRequestEntryTypeDef] = [
            {"Id": str(number), "ReceiptHandle": handle}
            for number, handle in enumerate(receipt_handles)
        ]
        for start in range(0, len(entries), BATCH_MAX):
            self._delete_batch(queue_url, entries[start : start + BATCH_MAX], deadline)

    def _delete_batch(
        self,
        queue_url: str,
        entries: list[types.DeleteMessageBatchRequestEntryTypeDef],
        deadline: float,
    ) -> None:
        def attempt() -> None:
            nonlocal entries
            response: types.DeleteMessageBatchResultTypeDef = self._attempt(
                "DeleteMessageBatch", {"QueueUrl": queue_url, "Entries": entries}
            )
            failed = [each for each in response.get("Failed", []) if not each["SenderFault"]]
            ids = [each["Id"] for each in failed]
            entries = [entry for entry in entries if entry["Id"] in ids]
            if failed:
                raise TransientError(failed[0]["Code"])

        self._retry(attempt, deadline)

    def _send_batch(
        self,
        queue_url: str,
        batch: dict[T, Message],
        waiting: dict[T, Message],
        unsent: dict[T, Unsent],
    ) -> None:
        """Attempt a batch.

        Sent messages leave `unsent`; those that need no retry leave `waiting`.
        """
        keys = {str(number): key for number, key in enumerate(batch)}

        def fail(key: T, reason: str, *, is_permanent: bool) -> None:
            unsent[key] = Unsent(reason, unsent[key].attempts + 1)
            if is_permanent:
                del waiting[key]

        entries = [_entry(entry_id, batch[key]) for entry_id, key in keys.items()]
        try:
            response: types.SendMessageBatchResultTypeDef = self._attempt(
                "SendMessageBatch", {"QueueUrl": queue_url, "Entries": entries}
            )
        except (TransientError, ServiceError) as error:
            for key in batch:
                fail(key, str(error), is_permanent=isinstance(error, ServiceError))
            return
        for sent in response.get("Successful", []):
            del waiting[keys[sent["Id"]]], unsent[keys[sent["Id"]]]
        for failed in response.get("Failed", []):
            fail(keys[failed["Id"]], failed["Code"], is_permanent=failed["SenderFault"])


def _entry(entry_id: str, message: Message) -> types.SendMessageBatchRequestEntryTypeDef:
    return {
        "Id": entry_id,
        "MessageBody": message.body,
        "MessageAttributes": {
            name: {"DataType": "String", "StringValue": value}
            for name, value in message.attributes.items()
        },
    }


def _batches(messages: dict[T, Message]) -> Iterator[dict[T, Message]]:
    """Split messages into batches that SQS accepts."""
    batch: dict[T, Message] = {}
    size_bytes = 0
    for key, message in list(messages.items()):
        if batch and (len(batch) == BATCH_MAX or size_bytes + message.size_bytes() > BYTES_MAX):
            yield batch
            batch, size_bytes = {}, 0
        batch[key] = message
        size_bytes += message.size_bytes()
    if batch:
        yield batch
