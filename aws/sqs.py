"""SQS, by the operation that producers call, in its own terms.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html
"""

from collections.abc import Iterator
from typing import Any, NamedTuple, TypeVar

from botocore.exceptions import ClientError

from aws.client import Client, TransientError, Unavailable

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

        What SQS refuses of a batch is sent again by itself, as long as there is time; what it did
        not answer may be sent twice. Raises nothing: what fails for all has failed for each.
        """
        unsent: dict[Key, Unsent] = {}
        for batch in _batches(messages):
            unsent |= self._send_batch(deadline, queue_url, batch)
        return unsent

    def _send_batch(
        self, deadline: float, queue_url: str, batch: list[tuple[Key, Message]]
    ) -> dict[Key, Unsent]:
        entries = {str(number): _entry(str(number), each) for number, (_, each) in enumerate(batch)}
        refused: dict[str, Unsent] = {}
        reasons: dict[str, str] = {}
        attempts = 0

        def send() -> None:
            nonlocal attempts
            attempts += 1
            wanted = list(entries.values())
            response = self._client.send_message_batch(QueueUrl=queue_url, Entries=wanted)
            for sent in response.get("Successful", []):
                del entries[sent["Id"]]
            for failed in response.get("Failed", []):
                reasons[failed["Id"]] = failed["Code"]
                if failed["SenderFault"]:  # It would fail again.
                    refused[failed["Id"]] = Unsent(failed["Code"], attempts)
                    del entries[failed["Id"]]
            if entries:
                raise TransientError("not the whole batch was taken")

        try:
            self._try(send, deadline)
        except (Unavailable, ClientError) as error:
            told = f"{type(error).__name__}: {error}"
            refused |= {each: Unsent(reasons.get(each, told), attempts) for each in entries}
        return {batch[int(each)][0]: unsent for each, unsent in refused.items()}


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
    for key, message in messages.items():
        if batch and (len(batch) == BATCH_MAX or size + message.size_bytes() > BYTES_MAX):
            yield batch
            batch, size = [], 0
        batch.append((key, message))
        size += message.size_bytes()
    if batch:
        yield batch
