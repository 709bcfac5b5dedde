"""`npm run redrive`: tries again what orders could not be handled, and tells why they could not.

Messages of the queue go back on it; records of the stream go through their function once more. What
fails again is parked again. Nothing is deleted before it is somewhere else, so that whoever stops
this half-way may find something done twice, which is as good as once, and nothing lost.
"""

import argparse
import json
import os
import sys
from base64 import b64encode
from collections.abc import Iterator
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

SERVICE = "lucky-numbers"
FORWARDER = "ProcessUnderscorecartUnderscoreproductsLambdaFunction"
HIDDEN_S = 300  # For how long what is received is ours.
RECEIVED_MAX, DELIVERED_MAX = 10, 10  # At a time; a payload of Lambda's has 6 MB, an item 400 KB.


def main() -> None:
    """Redrive, or list, as the command line asks."""
    parser = argparse.ArgumentParser(prog="npm run redrive --", description=__doc__.split("\n")[0])
    parser.add_argument("--list", action="store_true", help="only tell what there is, and why")
    parser.add_argument("--stage", default="dev", help="the stage (dev)")
    region = os.environ.get("AWS_REGION", "us-east-1")
    parser.add_argument("--region", default=region, help=f"the region ({region})")
    parser.add_argument("--aws-profile", help="the profile of your AWS credentials")
    options = parser.parse_args()
    try:
        session = boto3.Session(profile_name=options.aws_profile, region_name=options.region)
        redrive = Redrive(session, f"{SERVICE}-{options.stage}")
        failed = redrive.show() if options.list else redrive.run()
    except (BotoCoreError, ClientError) as error:
        sys.exit(str(error))
    sys.exit(1 if failed else 0)


class Redrive:
    """The parked messages of a deployed stack."""

    def __init__(self, session: Any, stack: str) -> None:
        self.dynamodb, self.function = session.client("dynamodb"), session.client("lambda")
        self.sqs = session.client("sqs")
        resources = session.client("cloudformation").describe_stack_resources(StackName=stack)
        self.ids = {
            each["LogicalResourceId"]: each["PhysicalResourceId"]
            for each in resources["StackResources"]
        }

    def show(self) -> int:
        """Tell what is parked; leave it where it is, and return 0."""
        for queue in ("OrdersDeadLetters", "OrdersStreamFailures"):
            for message in self.take(queue):
                self.release(queue, message)
                tell(message, "stays")
        return 0

    def run(self) -> int:
        """Try all of it again; return how many messages could not be tried."""
        failed = 0
        for message in self.take("OrdersDeadLetters"):
            self.sqs.send_message(QueueUrl=self.ids["OrdersQueue"], MessageBody=message["Body"])
            self.delete("OrdersDeadLetters", message)
            tell(message, "is back on the queue")
        for message in self.take("OrdersStreamFailures"):
            if self.deliver(records_of(message["Body"]) or list(self.pending_orders())):
                self.delete("OrdersStreamFailures", message)
                tell(message, "went through the function again")
            else:
                self.release("OrdersStreamFailures", message)
                failed += 1
                tell(message, f"stays: {FORWARDER} failed, its log tells why")
        return failed

    def take(self, queue: str) -> list[dict[str, Any]]:
        """Return all that is on a queue; nobody else is given it for a while."""
        taken: list[dict[str, Any]] = []
        while messages := self.sqs.receive_message(
            QueueUrl=self.ids[queue],
            MaxNumberOfMessages=RECEIVED_MAX,
            MessageAttributeNames=["All"],
            VisibilityTimeout=HIDDEN_S,
            WaitTimeSeconds=1,  # Else SQS asks some of its servers only.
        ).get("Messages"):
            taken += messages
        print(f"{queue}: {len(taken)} messages")
        return taken

    def delete(self, queue: str, message: dict[str, Any]) -> None:
        """Delete a message that is done with."""
        self.sqs.delete_message(QueueUrl=self.ids[queue], ReceiptHandle=message["ReceiptHandle"])

    def release(self, queue: str, message: dict[str, Any]) -> None:
        """Let others see a message that stays."""
        self.sqs.change_message_visibility(
            QueueUrl=self.ids[queue], ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=0
        )

    def deliver(self, records: list[Any]) -> bool:
        """Deliver records of the stream again; return whether the function took them all."""
        for start in range(0, len(records), DELIVERED_MAX):
            event = {"Records": records[start : start + DELIVERED_MAX]}
            response = self.function.invoke(
                FunctionName=self.ids[FORWARDER], Payload=json.dumps(event, default=in_base64)
            )
            answer = json.load(response["Payload"])
            if response.get("FunctionError") or answer["batchItemFailures"]:
                return False
        return True

    def pending_orders(self) -> Iterator[Any]:
        """Yield a record for each order that is not processed yet, whatever became of its own.

        Lambda's own messages name places in the stream, which forgets within a day; the table does
        not.
        """
        pages = self.dynamodb.get_paginator("scan").paginate(
            TableName=self.ids["OrdersTable"],
            FilterExpression="order_status = :ordered AND cart_product_status = :pending",
            ExpressionAttributeValues={":ordered": {"S": "ORDERED"}, ":pending": {"S": "PENDING"}},
        )
        for page in pages:
            for item in page["Items"]:
                yield {"eventName": "INSERT", "dynamodb": {"NewImage": item}}


def in_base64(data: bytes) -> str:
    """Return what an event has for bytes."""
    return b64encode(data).decode()


def records_of(body: str) -> list[Any]:
    """Return the record that a message of the stream's failures holds; none if it is Lambda's."""
    record = json.loads(body)
    return [] if "DDBStreamBatchInfo" in record else [record]


def tell(message: dict[str, Any], outcome: str) -> None:
    """Print what became of a message, and why it was parked."""
    attributes = message.get("MessageAttributes", {})
    told = {name: attributes[name]["StringValue"] for name in attributes}
    reason = told.get("reason", "the function ended before it could tell why; its log may")
    since = f", since {told['first_seen']}" if "first_seen" in told else ""
    print(f"  {message['MessageId']} {outcome} (it was parked{since}: {reason})")


if __name__ == "__main__":
    main()
