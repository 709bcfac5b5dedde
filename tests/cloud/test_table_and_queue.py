"""`aws/` and `pipeline/` with a table and a queue of the local cloud, for any service."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from pydantic import BaseModel

from aws.dynamodb import DynamoDB, marshal, unmarshal
from aws.sqs import SQS, Message
from dev.clients import aws_client
from dev.cloud import Cloud
from pipeline import Attempts, DeadLetterQueue, PermanentFailure, consume

PATIENCE_S = 10


class Note(BaseModel):
    """A message of the queue."""

    text: str


@pytest.fixture(autouse=True)
def _settings(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    """Point the clients at the local cloud, as Lambda's environment does."""
    for name, value in cloud.settings().items():
        monkeypatch.setenv(name, value)


@contextmanager
def made_table(cloud: Cloud, name: str, key: str) -> Iterator[str]:
    """Create a table with that key, and delete it at the end."""
    client = aws_client(cloud, "dynamodb")
    client.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"}],
        KeySchema=[{"AttributeName": key, "KeyType": "HASH"}],
    )
    yield name
    client.delete_table(TableName=name)


@pytest.fixture
def table(cloud: Cloud) -> Iterator[str]:
    """Create a table."""
    with made_table(cloud, "notes", "pk") as table:
        yield table


@pytest.fixture
def attempts(cloud: Cloud) -> Iterator[Attempts]:
    """Create a table for attempts."""
    with made_table(cloud, "attempts", "message_id") as table:
        yield Attempts(DynamoDB(), table)


@pytest.fixture
def queue(cloud: Cloud) -> Iterator[str]:
    """Create a queue for dead letters."""
    client = aws_client(cloud, "sqs")
    url: str = client.create_queue(QueueName="notes")["QueueUrl"]
    yield url
    client.delete_queue(QueueUrl=url)


def record(message_id: str, body: str, attempts: int = 1) -> dict[str, Any]:
    """Return a record as Lambda has it for a message of a queue."""
    attributes = {"ApproximateReceiveCount": str(attempts)}
    return {"messageId": message_id, "body": body, "attributes": attributes}


def test_what_is_put_into_a_table_can_be_got(table: str) -> None:
    dynamodb, deadline = DynamoDB(), time.monotonic() + PATIENCE_S
    dynamodb.call("PutItem", deadline, TableName=table, Item=marshal({"pk": "1", "text": "ß"}))
    got = dynamodb.call("GetItem", deadline, TableName=table, Key=marshal({"pk": "1"}))
    assert unmarshal(got["Item"]) == {"pk": "1", "text": "ß"}


def test_every_message_is_sent_in_batches(cloud: Cloud, queue: str) -> None:
    messages = {number: Message(f"message {number}") for number in range(11)}
    assert SQS().send(queue, messages, time.monotonic() + PATIENCE_S) == {}
    assert receive(cloud, queue) == {message.body for message in messages.values()}


def test_a_message_that_fails_is_retried_alone_or_becomes_a_dead_letter(
    cloud: Cloud, attempts: Attempts, queue: str
) -> None:
    @consume(SQS(), queue, attempts, DeadLetterQueue(SQS(), queue))
    def save_note(message: Note, deadline: float) -> None:
        assert deadline > time.monotonic()
        if message.text == "busy":
            raise TimeoutError
        if message.text == "wrong":
            raise PermanentFailure("No such note.")

    bodies = {name: Note(text=name).model_dump_json() for name in ("fine", "busy", "wrong")}
    response = save_note({"Records": [record(name, bodies[name]) for name in bodies]}, None)
    assert response == {"batchItemFailures": [{"itemIdentifier": "busy"}]}
    assert receive(cloud, queue) == {bodies["wrong"]}


def receive(cloud: Cloud, queue: str) -> set[str]:
    """Return the bodies of all messages that a queue has."""
    client, bodies = aws_client(cloud, "sqs"), set()
    while messages := client.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get(
        "Messages"
    ):
        bodies |= {message["Body"] for message in messages}
    return bodies
