"""`npm run redrive`: retries the dead letters of orders, or lists or deletes them.

Messages go back on the queue. Records of the stream go through their function again. What fails
again becomes a dead letter again. A message is deleted only after it is stored elsewhere, so that
stopping the command loses nothing. A step may then run twice, which is harmless.
"""

import argparse
import json
import sys
from base64 import b64encode
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from ops.dead_letters import DeadLetters, Message, show
from ops.stack import Stack, check_npm_options, find_stack, make_parser

FORWARDER = "ProcessUnderscorecartUnderscoreproductsLambdaFunction"
FAILED = "process_cart_products failed; see its logs"


def main() -> None:
    """Retry, list or delete dead letters, as the command line says."""
    check_npm_options("redrive", "--list", "drop", "list", "pending")
    options = read_options()
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
                self._sqs.send_message(
                    QueueUrl=self._ids["OrdersQueue"],
                    MessageBody=message["Body"],
                    MessageAttributes=keep_first_seen(message),
                )
                self._of_queue.delete(message)
                show(message, "is back on the queue")
                self._retried += 1
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
        else:
            print("There is nothing to retry.")

    def _retry_record(self, message: Message) -> None:
        """Retry the record in a message."""
        try:
            succeeded = self._deliver(self._refresh(json.loads(message["Body"])))
        except (AttributeError, TypeError, ValueError):
            show(message, "stays: it is not a stream record")
            self.failed += 1
        except (BotoCoreError, ClientError) as error:
            show(message, f"stays: {error}")
            self.failed += 1
        else:
            if succeeded:
                self._of_stream.delete(message)
                show(message, "went through the function again")
            else:
                show(message, f"stays: {FAILED}")
                self.failed += 1

    def _retry_pending(self) -> bool:
        """Retry each pending order of the table; return whether all succeeded."""
        pages = self._dynamodb.get_paginator("scan").paginate(
            TableName=self._ids["OrdersTable"],
            FilterExpression="order_status = :ordered AND cart_product_status = :pending",
            ExpressionAttributeValues={":ordered": {"S": "ORDERED"}, ":pending": {"S": "PENDING"}},
        )
        items = [item for page in pages for item in page["Items"]]
        succeeded = [self._deliver({"dynamodb": {"NewImage": item}}) for item in items]
        self.failed += succeeded.count(False)
        print(f"  {succeeded.count(True)} pending orders went through the function again")
        if not all(succeeded):
            print(f"  {succeeded.count(False)} did not: {FAILED}")
        return all(succeeded)

    def _refresh(self, record: Any) -> Any:
        """Return a record with the item that the table has now, which may have been corrected."""
        if keys := record.get("dynamodb", {}).get("Keys"):
            response = self._dynamodb.get_item(
                TableName=self._ids["OrdersTable"], Key=keys, ConsistentRead=True
            )
            if "Item" in response:
                return record | {"dynamodb": record["dynamodb"] | {"NewImage": response["Item"]}}
        return record

    def _deliver(self, record: Any) -> bool:
        """Invoke the stream's function with a record; return whether it succeeded.

        Records go one by one: an item of 400 KB may have 2.4 MB in JSON, and Lambda accepts 6 MB.
        """
        payload = json.dumps({"Records": [record]}, default=to_base64)
        self._retried += 1
        response = self._lambda.invoke(FunctionName=self._ids[FORWARDER], Payload=payload)
        return bool(json.load(response["Payload"]) == {"batchItemFailures": []})


def keep_first_seen(message: Message) -> dict[str, Any]:
    """Return the attribute first_seen of a dead letter; the others are of its last failure."""
    attributes = message.get("MessageAttributes", {})
    return {name: attributes[name] for name in attributes if name == "first_seen"}


def is_written_by_lambda(body: str) -> bool:
    """Whether Lambda itself wrote this dead letter of the stream.

    It then has no record, only positions in the stream, where records expire after a day.
    """
    try:
        document = json.loads(body)
    except ValueError:
        return False
    return isinstance(document, dict) and "DDBStreamBatchInfo" in document


def to_base64(data: bytes) -> str:
    """Return bytes as events have them."""
    return b64encode(data).decode()


if __name__ == "__main__":
    main()
