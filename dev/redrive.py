"""`npm run redrive`: tries again what orders could not be handled, and tells why they could not.

Messages of the queue go back on it; records of the stream go through their function once more. What
fails again is parked again. Nothing is deleted before it is somewhere else, so that whoever stops
this half-way may find something done twice, which is as good as once, and nothing lost.
"""

import argparse
import json
import os
import signal
import sys
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import boto3
from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError

from dev.cloud import LOOPBACK
from dev.service import SERVICE, STAGE

FORWARDER = "ProcessUnderscorecartUnderscoreproductsLambdaFunction"
FAILED = "process_cart_products failed: npx serverless logs -f process_cart_products tells why"
QUEUES = ("OrdersDeadLetters", "OrdersStreamFailures")
HIDDEN_S = 300  # For how long what is received is ours.
BATCH_MAX = 10  # Of messages, says SQS.
SHOWN_MAX = 100  # Characters of a body.


def main() -> None:
    """Redrive, list or drop, as the command line asks."""
    if "npm_config_list" in os.environ or "npm_config_stage" in os.environ:
        sys.exit("npm took the options for its own: npm run redrive -- --list, with -- before them")
    options = read_options()
    is_here = urlsplit(os.environ.get("AWS_ENDPOINT_URL", "")).hostname in LOOPBACK
    if options.stage == STAGE and not is_here:
        sys.exit("The stage local is on this machine alone: paste the export line of npm start.")
    try:
        session = boto3.Session(profile_name=options.aws_profile, region_name=options.region)
        redrive = Redrive(session, f"{SERVICE}-{options.stage}")
        if options.list:
            redrive.show()
        elif options.drop:
            redrive.drop(options.drop)
        else:
            redrive.run(is_pending_too=options.pending)
    except NoCredentialsError:
        sys.exit(
            "There are no credentials for AWS: name an --aws-profile or, for the local cloud, type "
            "the export line that npm start prints."
        )
    except ClientError as error:
        if "does not exist" in str(error) and error.operation_name == "ListStackResources":
            hint = f" For the local cloud, add --stage {STAGE}." if is_here else ""
            sys.exit(f"There is no stack {SERVICE}-{options.stage} in {options.region}.{hint}")
        sys.exit(str(error))
    except BotoCoreError as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit(130)
    sys.exit(1 if redrive.failed else 0)


def read_options() -> argparse.Namespace:
    """Return the options of the command line."""
    region = os.environ.get("AWS_REGION", "us-east-1")
    parser = argparse.ArgumentParser(
        prog="npm run redrive --", description=__doc__.split("\n")[0], allow_abbrev=False
    )
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--list", action="store_true", help="only tell what is parked, and why")
    how.add_argument("--drop", metavar="ID", help="delete the parked message of that id for good")
    how.add_argument("--pending", action="store_true", help="try all orders that wait, as well")
    parser.add_argument("-s", "--stage", default="dev", help="the stage (dev)")
    parser.add_argument("-r", "--region", default=region, help=f"the region ({region})")
    parser.add_argument("--aws-profile", help="the profile of your AWS credentials")
    return parser.parse_args()


class Redrive:
    """The parked messages of a deployed stack; `failed` counts those that could not be tried."""

    def __init__(self, session: Any, stack: str) -> None:
        self.dynamodb, self.function = session.client("dynamodb"), session.client("lambda")
        self.sqs = session.client("sqs")
        self.failed = 0
        self.taken: dict[str, dict[str, Any]] = {}  # The messages that are ours at the moment.
        pages = session.client("cloudformation").get_paginator("list_stack_resources")
        self.ids = {
            each["LogicalResourceId"]: each["PhysicalResourceId"]
            for page in pages.paginate(StackName=stack)
            for each in page["StackResourceSummaries"]
        }

    def show(self) -> None:
        """Tell what is parked, and leave it where it is."""
        for queue in QUEUES:
            with self.taking(queue) as messages:
                for message in messages:
                    tell(message, "is parked")

    def drop(self, message_id: str) -> None:
        """Delete the message of that id."""
        for queue in QUEUES:
            with self.taking(queue) as messages:
                for message in messages:
                    if message["MessageId"] == message_id:
                        self.delete(queue, message)
                        tell(message, "is deleted")
                        return
        self.failed += 1
        print(f"No message has the id {message_id}.")

    def run(self, *, is_pending_too: bool) -> None:
        """Try all of it again; and the orders that wait though nothing of them is parked."""
        with self.taking("OrdersDeadLetters") as messages:
            for message in messages:
                self.sqs.send_message(
                    QueueUrl=self.ids["OrdersQueue"],
                    MessageBody=message["Body"],
                    MessageAttributes=message.get("MessageAttributes", {}),
                )
                self.delete("OrdersDeadLetters", message)
                tell(message, "is back on the queue")
        with self.taking("OrdersStreamFailures") as messages:
            notices = []
            for message in messages:
                if is_notice(message["Body"]):
                    notices.append(message)
                else:
                    self.try_record(message)
            if (notices or is_pending_too) and self.try_pending():
                for message in notices:
                    self.delete("OrdersStreamFailures", message)
                    tell(message, "is done with: the orders that wait were tried")
        print("What fails again is parked again, under another id: --list tells.")

    def try_record(self, message: dict[str, Any]) -> None:
        """Try the record that a message holds."""
        try:
            went = self.deliver(self.renew(json.loads(message["Body"])))
        except (AttributeError, TypeError, ValueError):
            tell(message, "stays: it is no record of a stream")
            self.failed += 1
        except (BotoCoreError, ClientError) as error:
            tell(message, f"stays: {error}")
            self.failed += 1
        else:
            if went:
                self.delete("OrdersStreamFailures", message)
                tell(message, "went through the function again")
            else:
                tell(message, f"stays: {FAILED}")
                self.failed += 1

    def try_pending(self) -> bool:
        """Try each order of the table that is not processed yet; return whether all went."""
        pages = self.dynamodb.get_paginator("scan").paginate(
            TableName=self.ids["OrdersTable"],
            FilterExpression="order_status = :ordered AND cart_product_status = :pending",
            ExpressionAttributeValues={":ordered": {"S": "ORDERED"}, ":pending": {"S": "PENDING"}},
        )
        items = [item for page in pages for item in page["Items"]]
        went = [self.deliver({"dynamodb": {"NewImage": item}}) for item in items]
        self.failed += went.count(False)
        print(f"  {went.count(True)} orders that wait went through the function again")
        if not all(went):
            print(f"  {went.count(False)} did not: {FAILED}")
        return all(went)

    def renew(self, record: Any) -> Any:
        """Return a record with its item as the table has it by now: somebody may have mended it."""
        if keys := record.get("dynamodb", {}).get("Keys"):
            found = self.dynamodb.get_item(
                TableName=self.ids["OrdersTable"], Key=keys, ConsistentRead=True
            )
            if "Item" in found:
                return record | {"dynamodb": record["dynamodb"] | {"NewImage": found["Item"]}}
        return record

    def deliver(self, record: Any) -> bool:
        """Deliver a record of the stream again; return whether the function took it.

        One at a time: an item may have 400 KB, which as JSON is six times as much, and Lambda
        takes 6 MB.
        """
        payload = json.dumps({"Records": [record]}, default=in_base64)
        response = self.function.invoke(FunctionName=self.ids[FORWARDER], Payload=payload)
        return bool(json.load(response["Payload"]) == {"batchItemFailures": []})

    @contextmanager
    def taking(self, queue: str) -> Iterator[Iterator[dict[str, Any]]]:
        """Give the messages of a queue; those that are not deleted meanwhile, others get again."""
        self.taken = {}
        try:
            yield self.take(queue)
        finally:
            self.release(queue, list(self.taken.values()))

    def release(self, queue: str, messages: list[dict[str, Any]]) -> None:
        """Let others have messages again; Ctrl-C waits for that."""
        handler = signal.signal(signal.SIGINT, signal.SIG_IGN)
        for start in range(0, len(messages), BATCH_MAX):
            # Those that another one has by now fail, each by itself: they are no longer ours.
            self.sqs.change_message_visibility_batch(
                QueueUrl=self.ids[queue],
                Entries=[
                    {
                        "Id": str(number),
                        "ReceiptHandle": message["ReceiptHandle"],
                        "VisibilityTimeout": 0,
                    }
                    for number, message in enumerate(messages[start : start + BATCH_MAX])
                ],
            )
        signal.signal(signal.SIGINT, handler)

    def take(self, queue: str) -> Iterator[dict[str, Any]]:
        """Yield the messages that a queue has by now, and not those that come meanwhile."""
        visible, held = (f"ApproximateNumberOfMessages{each}" for each in ("", "NotVisible"))
        found = self.sqs.get_queue_attributes(
            QueueUrl=self.ids[queue], AttributeNames=[visible, held]
        )["Attributes"]
        count = int(found[visible])
        others = int(found[held])
        more = f", and {others} that another redrive holds for up to 5 minutes" if others else ""
        print(f"{queue}: {count}{more}")
        while count > 0 and (messages := self.receive(queue, min(count, BATCH_MAX))):
            count -= len(messages)
            self.taken |= {message["MessageId"]: message for message in messages}
            yield from messages

    def receive(self, queue: str, limit: int) -> list[dict[str, Any]]:
        """Return messages of a queue, which nobody else is given for a while."""
        received: list[dict[str, Any]] = self.sqs.receive_message(
            QueueUrl=self.ids[queue],
            MaxNumberOfMessages=limit,
            MessageAttributeNames=["All"],
            VisibilityTimeout=HIDDEN_S,
            WaitTimeSeconds=1,  # Else SQS asks some of its servers only.
        ).get("Messages", [])
        return received

    def delete(self, queue: str, message: dict[str, Any]) -> None:
        """Delete a message that is done with."""
        self.sqs.delete_message(QueueUrl=self.ids[queue], ReceiptHandle=message["ReceiptHandle"])
        del self.taken[message["MessageId"]]


def is_notice(body: str) -> bool:
    """Whether a message of the stream's failures is Lambda's own.

    Such a one names places in the stream, which forgets within a day, and no order.
    """
    try:
        document = json.loads(body)
    except ValueError:
        return False
    return isinstance(document, dict) and "DDBStreamBatchInfo" in document


def in_base64(data: bytes) -> str:
    """Return what an event has for bytes."""
    return b64encode(data).decode()


def tell(message: dict[str, Any], outcome: str) -> None:
    """Print what becomes of a message, why it was parked, and how it begins."""
    attributes = message.get("MessageAttributes", {})
    told = {name: attributes[name].get("StringValue") for name in attributes}
    print(f"  {message['MessageId']} {outcome}")
    if "reason" in told:
        print(f"    since {told.get('first_seen')}, attempts: {told.get('attempts')}")
        print(f"    {told['reason']}")
    else:
        print("    without a reason: its function ended before it could tell one")
    print(f"    {message['Body'][:SHOWN_MAX]!r}")


if __name__ == "__main__":
    main()
