"""`npm run redrive`: retries the dead letters of orders, or lists or deletes them.

Messages go back on the queue. Records of the stream go through their function again. What fails
again becomes a dead letter again. A message is deleted only after it is stored elsewhere, so that
stopping the command loses nothing. A step may then run twice, which is harmless.
"""

import argparse
import json
import sys
from base64 import b64encode
from collections import Counter
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from aws.times import format_time
from ops.dead_letters import DeadLetters, Message, show
from ops.stack import Stack, check_npm_options, find_stack, make_parser

FORWARDER = "ProcessUnderscorecartUnderscoreproductsLambdaFunction"


class DeliveryError(Exception):
    """Raised when the stream's function failed; the text says so."""


def main() -> None:
    """Retry, list or delete dead letters, as the command line says."""
    check_npm_options("redrive", "--list", "drop", "list", "pending")
    options = read_options()
    sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    with find_stack(options) as stack:
        redrive = Redrive(stack)
        if options.list:
            redrive.list()
        elif options.drop:
            redrive.drop(options.drop)
        else:
            redrive.retry(includes_pending=options.pending)
    sys.exit(1 if redrive.failed else 0)


def read_options() -> argparse.Namespace:
    """Return the options of the command line."""
    parser = make_parser("redrive", __doc__.split("\n")[0])
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--list", action="store_true", help="only list the dead letters, with reasons")
    how.add_argument("--drop", metavar="ID", help="delete the dead letter with this id")
    how.add_argument("--pending", action="store_true", help="also retry all pending orders")
    return parser.parse_args()


class Redrive:
    """The dead letters of a deployed stack; `failed` counts what could not be retried."""

    def __init__(self, stack: Stack) -> None:
        self._dynamodb, self._lambda = stack.client("dynamodb"), stack.client("lambda")
        self._sqs = stack.client("sqs")
        self.failed = 0
        self._retried = 0
        self._ids = stack.ids
        self._of_queue, self._of_stream = (
            DeadLetters(self._sqs, name, self._ids[name])
            for name in ("OrdersDeadLetters", "OrdersStreamDeadLetters")
        )

    def list(self) -> None:
        """List the dead letters, and leave them where they are."""
        for queue in (self._of_queue, self._of_stream):
            with queue.receiving() as messages:
                for message in messages:
                    show(message, "is a dead letter")

    def drop(self, message_id: str) -> None:
        """Delete a dead letter."""
        for queue in (self._of_queue, self._of_stream):
            with queue.receiving() as messages:
                for message in messages:
                    if message["MessageId"] == message_id:
                        queue.delete(message)
                        show(message, "is deleted")
                        return
        self.failed += 1
        print(f"There is no dead letter with the id {message_id}.")

    def retry(self, *, includes_pending: bool) -> None:
        """Retry all dead letters, and optionally orders that are pending without one."""
        with self._of_queue.receiving() as messages:
            for message in messages:
                self._retry_message(message)
        with self._of_stream.receiving() as messages:
            without_record = []
            for message in messages:
                if is_written_by_lambda(message["Body"]):
                    without_record.append(message)
                else:
                    self._retry_record(message)
            if (without_record or includes_pending) and self._retry_pending():
                for message in without_record:
                    self._of_stream.delete(message)
                    show(message, "is deleted: all pending orders were retried")
        if self._retried:
            print("What fails again is a dead letter again. See --list.")
        elif not self.failed:
            print("There is nothing to retry.")

    def _retry_message(self, message: Message) -> None:
        """Put a message back on the queue."""
        try:
            self._sqs.send_message(
                QueueUrl=self._ids["OrdersQueue"],
                MessageBody=message["Body"],
                MessageAttributes=keep_first_seen(message),
            )
            self._of_queue.delete(message)
        except (BotoCoreError, ClientError) as error:
            self._keep(message, str(error))
        else:
            show(message, "is back on the queue")
            self._retried += 1

    def _retry_record(self, message: Message) -> None:
        """Retry the record in a message."""
        try:
            self._deliver(self._refresh(json.loads(message["Body"])))
            self._of_stream.delete(message)
        except (AttributeError, RecursionError, TypeError, ValueError):
            self._keep(message, "it is not a stream record")
        except (BotoCoreError, ClientError, DeliveryError) as error:
            self._keep(message, str(error))
        else:
            show(message, "went through the function again")
            self._retried += 1

    def _retry_pending(self) -> bool:
        """Retry each pending order of the table; return whether all succeeded."""
        pages = self._dynamodb.get_paginator("scan").paginate(
            TableName=self._ids["OrdersTable"],
            FilterExpression="order_status = :ordered AND cart_product_status = :pending",
            ExpressionAttributeValues={":ordered": {"S": "ORDERED"}, ":pending": {"S": "PENDING"}},
        )
        items = [item for page in pages for item in page["Items"]]
        failures: Counter[str] = Counter()
        for item in items:
            try:
                self._deliver({"dynamodb": {"NewImage": item}})
            except (BotoCoreError, ClientError, DeliveryError) as error:
                failures[str(error)] += 1
        succeeded = len(items) - failures.total()
        self._retried += succeeded
        self.failed += failures.total()
        print(f"  {succeeded} pending orders went through the function again")
        for reason, count in failures.items():
            print(f"  {count} did not: {reason}")
        return not failures

    def _keep(self, message: Message, reason: str) -> None:
        """Report that a message stays where it is."""
        show(message, f"stays: {reason}")
        self.failed += 1

    def _refresh(self, record: Any) -> Any:
        """Return a record with the item that the table has now, which may have been corrected."""
        if keys := record.get("dynamodb", {}).get("Keys"):
            response = self._dynamodb.get_item(
                TableName=self._ids["OrdersTable"], Key=keys, ConsistentRead=True
            )
            if "Item" in response:
                return record | {"dynamodb": record["dynamodb"] | {"NewImage": response["Item"]}}
        return record

    def _deliver(self, record: Any) -> None:
        """Invoke the stream's function with a record.

        Records go one by one: an item of 400 KB may have 2.4 MB in JSON, and Lambda accepts 6 MB.

        Raises:
            DeliveryError: the function failed.
        """
        payload = json.dumps({"Records": [record]}, default=to_base64)
        response = self._lambda.invoke(FunctionName=self._ids[FORWARDER], Payload=payload)
        if json.load(response["Payload"]) != {"batchItemFailures": []}:
            raise DeliveryError("process_cart_products failed; see its logs")


def keep_first_seen(message: Message) -> dict[str, Any]:
    """Return the attribute first_seen of a dead letter; the others are of its last failure.

    One that SQS itself made a dead letter has no such attribute, but still the time of its sending.
    """
    attributes = message.get("MessageAttributes", {})
    sent_s = int(message["Attributes"]["SentTimestamp"]) / 1000
    of_sending = {"DataType": "String", "StringValue": format_time(sent_s)}
    return {"first_seen": attributes.get("first_seen", of_sending)}


def is_written_by_lambda(body: str) -> bool:
    """Whether Lambda itself wrote this dead letter of the stream.

    It then has no record, only positions in the stream, where records expire after a day.
    """
    try:
        document = json.loads(body)
    except (RecursionError, ValueError):
        return False
    return isinstance(document, dict) and "DDBStreamBatchInfo" in document


def to_base64(data: bytes) -> str:
    """Return bytes as events have them."""
    return b64encode(data).decode()


if __name__ == "__main__":
    main()
