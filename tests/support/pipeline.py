"""The table, stream and queues of orders, for tests to read and to deliver from."""

import importlib
import json
import sys
import uuid
from base64 import b64encode
from datetime import datetime
from typing import Any

import pytest

from dev.clients import aws_client
from dev.cloud import Cloud
from dev.functions import function_environment
from dev.stream import Stream
from tests.support.orders import image_of, key_of, new_order


class Crash(BaseException):
    """Raised in a function to stand for a crash of its process."""


class Context:
    """A Lambda context with this much time left."""

    aws_request_id = "00000000-0000-4000-8000-000000000000"

    def __init__(self, left_ms: int = 15_000) -> None:
        self.left_ms = left_ms

    def get_remaining_time_in_millis(self) -> int:
        """Return the time left."""
        return self.left_ms


class Orders:
    """A table of orders with its stream, the queue, and both dead-letter queues."""

    def __init__(
        self, cloud: Cloud, *, table: str, queue: str, dead_letters: str, stream_dead_letters: str
    ) -> None:
        self.table = table
        self.queue = queue
        self.dead_letters = dead_letters  # Of the queue.
        self.stream_dead_letters = stream_dead_letters
        self.dynamodb = aws_client(cloud, "dynamodb")
        self.stream = Stream(cloud, table)
        self.sqs = aws_client(cloud, "sqs")

    def put(self, **invalid: Any) -> str:
        """Put an order directly into the table; return its id. `invalid` replaces attributes."""
        item = image_of(new_order(), **invalid)
        self.dynamodb.put_item(TableName=self.table, Item=item)
        order_id: str = item["PK"]["S"].removeprefix("ORDER#")
        return order_id

    def get(self, order_id: str) -> Any:
        """Return an order as the table has it."""
        return self.dynamodb.get_item(TableName=self.table, Key=key_of(order_id))["Item"]

    def change(self, order_id: str, name: str, value: str) -> None:
        """Change a string attribute of an order."""
        self.dynamodb.update_item(
            TableName=self.table,
            Key=key_of(order_id),
            UpdateExpression=f"SET {name} = :value",
            ExpressionAttributeValues={":value": {"S": value}},
        )

    def end_of_stream(self) -> str:
        """Return an iterator that starts after the stream's last record."""
        return self.stream.end()

    def records(self, iterator: str) -> tuple[list[Any], str]:
        """Return the stream's records from an iterator on, and the next iterator."""
        records, iterator = self.stream.read(iterator)
        return [as_event(record) for record in records], iterator

    def receive(self, queue: str, limit: int = 10) -> list[Any]:
        """Receive messages of a queue, in the form of a Lambda event."""
        response = self.sqs.receive_message(
            QueueUrl=queue,
            MaxNumberOfMessages=limit,
            AttributeNames=["All"],
            MessageAttributeNames=["All"],
        )
        return [
            {
                "messageId": message["MessageId"],
                "receiptHandle": message["ReceiptHandle"],
                "body": message["Body"],
                "attributes": message["Attributes"],
                "messageAttributes": message.get("MessageAttributes", {}),
            }
            for message in response.get("Messages", [])
        ]

    def delete(self, queue: str, messages: list[Any]) -> None:
        """Delete received messages, up to ten of them, unless they are deleted already."""
        entries = [
            {"Id": str(index), "ReceiptHandle": message["receiptHandle"]}
            for index, message in enumerate(messages)
        ]
        if entries:
            self.sqs.delete_message_batch(QueueUrl=queue, Entries=entries)

    def drain(self, queue: str) -> list[Any]:
        """Receive and delete all messages of a queue."""
        drained = []
        while messages := self.receive(queue):
            self.delete(queue, messages)
            drained += messages
        return drained

    def take(self, queue: str) -> list[Any]:
        """Receive and delete all messages of a queue; return each distinct one once.

        A retried send may have put a message on the queue twice.
        """
        taken = {(each["body"], str(each["messageAttributes"])): each for each in self.drain(queue)}
        return list(taken.values())

    def empty(self) -> None:
        """Delete all messages of all queues."""
        for queue in (self.queue, self.dead_letters, self.stream_dead_letters):
            self.drain(queue)


class Pipeline(Orders):
    """A table and queues like the template's, and the event functions, through a faulty proxy.

    Nothing invokes the functions: tests deliver events to them.
    """

    def __init__(self, cloud: Cloud, proxy_url: str, template: Any) -> None:
        sqs = aws_client(cloud, "sqs")
        dead_letters, stream_dead_letters = make_queue(sqs), make_queue(sqs)
        policy = template["Resources"]["OrdersQueue"]["Properties"]["RedrivePolicy"]
        names = ["QueueArn"]
        found = sqs.get_queue_attributes(QueueUrl=dead_letters, AttributeNames=names)
        policy = policy | {"deadLetterTargetArn": found["Attributes"]["QueueArn"]}
        dynamodb = aws_client(cloud, "dynamodb")
        super().__init__(
            cloud,
            table=make_table(dynamodb, template, "OrdersTable"),
            # Messages that are received and not deleted can be received again at once.
            queue=make_queue(sqs, VisibilityTimeout="0", RedrivePolicy=json.dumps(policy)),
            dead_letters=dead_letters,
            stream_dead_letters=stream_dead_letters,
        )
        self.attempts = make_table(dynamodb, template, "OrdersAttempts")
        environment = {
            **cloud.settings(),
            "AWS_ENDPOINT_URL": proxy_url,
            "ATTEMPTS_TABLE": self.attempts,
            "ORDERS_TABLE": self.table,
            "ORDERS_QUEUE": self.queue,
        }
        self.process_module = import_again(
            "orders.stream", **environment, DEAD_LETTER_QUEUE=stream_dead_letters
        )
        self.update_module = import_again(
            "orders.queue", **environment, DEAD_LETTER_QUEUE=dead_letters
        )
        self.process = self.process_module.process_cart_products
        self.update = self.update_module.update_cart_status

    def deliver(self, function: Any, batch: list[Any], context: Context | None = None) -> list[str]:
        """Deliver messages of the queue to a function, as Lambda does.

        Lambda deletes those that the function does not report. Return the ids of those that it
        does.

        Raises:
            Crash: the function crashed. Nothing is deleted.
        """
        response = function({"Records": batch}, context or Context())
        failed = retried(response)
        self.delete(self.queue, [each for each in batch if each["messageId"] not in failed])
        return failed


def deployed_orders(cloud: Cloud) -> Orders:
    """Return the table and queues of the deployed service."""
    process = function_environment(cloud, "process_cart_products")
    update = function_environment(cloud, "update_cart_status")
    return Orders(
        cloud,
        table=update["ORDERS_TABLE"],
        queue=process["ORDERS_QUEUE"],
        dead_letters=update["DEAD_LETTER_QUEUE"],
        stream_dead_letters=process["DEAD_LETTER_QUEUE"],
    )


def make_queue(sqs: Any, **attributes: str) -> str:
    """Return the URL of a new queue."""
    made = sqs.create_queue(QueueName=f"orders-{uuid.uuid4()}", Attributes=attributes)
    url: str = made["QueueUrl"]
    return url


def make_table(dynamodb: Any, template: Any, logical_id: str) -> str:
    """Return the name of a new table like one of the template's."""
    name = f"{logical_id}-{uuid.uuid4()}"
    table = template["Resources"][logical_id]["Properties"]
    settings = ("AttributeDefinitions", "BillingMode", "GlobalSecondaryIndexes", "KeySchema")
    made = {setting: table[setting] for setting in settings if setting in table}
    if stream := table.get("StreamSpecification"):
        made["StreamSpecification"] = stream | {"StreamEnabled": True}
    dynamodb.create_table(TableName=name, **made)
    return name


def import_again(name: str, **environment: str) -> Any:
    """Import a module again, with these environment variables."""
    with pytest.MonkeyPatch.context() as patch:
        for key, value in environment.items():
            patch.setenv(key, value)
        patch.delitem(sys.modules, name, raising=False)
        return importlib.import_module(name)


def as_event(record: Any) -> Any:
    """Return a stream record as events have it: times in seconds, bytes in base64."""

    def convert(value: Any) -> Any:
        return value.timestamp() if isinstance(value, datetime) else b64encode(value).decode()

    return json.loads(json.dumps(record, default=convert))


def retried(response: Any) -> list[str]:
    """Return the ids that a function reports for another delivery."""
    assert list(response) == ["batchItemFailures"]
    return [each["itemIdentifier"] for each in response["batchItemFailures"]]


def reason_of(message: Any) -> str:
    """Return the reason of a dead letter, which must have all its attributes."""
    attributes = message["messageAttributes"]
    assert sorted(attributes) == ["attempts", "first_seen", "reason"]
    reason: str = attributes["reason"]["StringValue"]
    assert reason
    return reason
