"""Each function's role allows exactly what the function does.

Every deployed function is made to do all that it does, over HTTP or by its event source, while the
local cloud logs the calls that it allows. It denies any other call, and the test fails.
"""

import json
from collections.abc import Iterator
from random import Random
from typing import Any, NamedTuple

import pytest

from dev.clients import aws_client
from dev.cloud import Cloud
from dev.functions import function_name
from dev.service import API_KEY, STAGE
from dev.waiting import wait_until
from tests.support.functions import FUNCTIONS, Function
from tests.support.items import call_with_key
from tests.support.orders import cart, new_order
from tests.support.pipeline import Orders, deployed_orders
from tests.support.template import event_sources, function_id, properties
from tests.support.web import call

RNG = Random(__name__)


class Grant(NamedTuple):
    """An action that a role allows on a resource, by its logical id."""

    action: str
    resource: str


# What Lambda itself does with a function's role: logs,
# https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html
LOGGING = ["logs:CreateLogStream", "logs:PutLogEvents"]
# and reads of its event source.
# https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSLambdaDynamoDBExecutionRole.html
# https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSLambdaSQSQueueExecutionRole.html
READING = {
    "StreamArn": [
        "dynamodb:DescribeStream",
        "dynamodb:GetRecords",
        "dynamodb:GetShardIterator",
        "dynamodb:ListStreams",
    ],
    "Arn": ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"],
}


def clap(api_url: str) -> None:
    """Applaud a post, replay that, pass the cap, and get the claps."""
    url, key = f"{api_url}/claps", f"{RNG.getrandbits(128):x}"
    body = {"slug": key, "claps": 20}
    for _ in range(2):
        assert call(url, json=body, headers={"Idempotency-Key": key}).status_code == 200
    assert call(url, json=body).status_code == 409
    assert call(url, "GET", params={"slug": key}).status_code == 200


def use_items(api_url: str) -> str:
    """Create, replace, get, list and delete items; return the id of one that is left."""
    url, bell = f"{api_url}/items", {"name": "Bell", "price": "1.50"}
    assert call_with_key(url, json=bell, headers={"Idempotency-Key": "1"}).status_code == 201
    kept, replaced = (call_with_key(url, json=bell).json()["id"] for _ in range(2))
    one = f"{url}/{replaced}"
    assert call_with_key(one, "PUT", json=bell, headers={"If-Match": '"1"'}).status_code == 200
    assert call(one, "GET").json()["version"] == 2
    assert call(url, "GET").status_code == 200
    assert call_with_key(one, "DELETE").status_code == 204
    return str(kept)


def order(api_url: str, item_id: str, orders: Orders) -> None:
    """Place an order, replay that, and get it once it is processed."""
    url, key = f"{api_url}/orders", {"x-api-key": API_KEY}
    body = {"user_id": "ada", "order_items": [{"item_id": item_id, "quantity": 1}]}
    once = key | {"Idempotency-Key": f"{RNG.getrandbits(128):x}"}
    placed, repeated = (call(url, json=body, headers=once).json() for _ in range(2))
    assert placed == repeated
    one = f"{url}/{placed['order_id']}"
    wait_until(
        lambda: call(one, "GET", headers=key).json()["cart_product_status"] == "PROCESSED",
        lambda: orders.get(placed["order_id"]),
    )


def make_dead_letters(orders: Orders) -> None:
    """Have both functions of the pipeline send a dead letter."""
    orders.put(order_date={"NULL": True})
    orders.sqs.send_message(QueueUrl=orders.queue, MessageBody=cart(new_order().order_id))
    for queue in (orders.stream_dead_letters, orders.dead_letters):
        wait_until(lambda: orders.drain(queue), lambda: f"nothing is in {queue}")  # noqa: B023


def deliver_again(cloud: Cloud) -> None:
    """Have `update_cart_status` record an attempt at a message, after it has settled another."""
    records = [
        {
            "messageId": f"{RNG.getrandbits(128):x}",
            "receiptHandle": "of no queue",
            "body": cart(new_order().order_id),
            "attributes": {"ApproximateReceiveCount": count},
        }
        for count in ("1", "2")
    ]
    response = aws_client(cloud, "lambda").invoke(
        FunctionName=function_name("update_cart_status"), Payload=json.dumps({"Records": records})
    )
    assert json.load(response["Payload"]) == {"batchItemFailures": []}


@pytest.fixture(scope="module")
def used(cloud: Cloud, api_url: str) -> dict[str, set[Grant]]:
    """Return the actions that each role was used for, by its logical id."""
    orders = deployed_orders(cloud)
    with cloud.calls_log.open(encoding="utf-8") as log:
        log.seek(0, 2)
        for path in ("", "/clap-button.js", "/problems/not-found", "/hello"):
            assert call(api_url + path, "GET").status_code == 200
        assert call(f"{api_url}/lucky_numbers", json={"name": "Ada", "count": 2}).ok
        clap(api_url)
        order(api_url, use_items(api_url), orders)
        make_dead_letters(orders)
        deliver_again(cloud)
        calls = [json.loads(line) for line in log]
    names = logical_ids(cloud)
    found: dict[str, set[Grant]] = {}
    for each in calls:
        grant = Grant(each["action"], names[last_part(each["resource"])])
        found.setdefault(names[each["role"]], set()).add(grant)
    return found


def logical_ids(cloud: Cloud) -> dict[str, str]:
    """Return the logical id of each deployed resource, by its name on the cloud."""
    client = aws_client(cloud, "cloudformation")
    stack = client.describe_stack_resources(StackName=f"lucky-numbers-{STAGE}")["StackResources"]
    return {last_part(each["PhysicalResourceId"]): each["LogicalResourceId"] for each in stack}


def last_part(name: str) -> str:
    """Return the last part of an ARN or a queue's URL."""
    return name.replace(":", "/").rpartition("/")[2]


def granted(template: Any, role: str) -> Iterator[Grant]:
    """Yield what a role allows."""
    assert not template["Resources"][role]["Properties"].get("ManagedPolicyArns")
    for policy in template["Resources"][role]["Properties"]["Policies"]:
        for statement in policy["PolicyDocument"]["Statement"]:
            for action in listed(statement["Action"]):
                for resource in listed(statement["Resource"]):
                    yield Grant(action, resource_name(resource))


def listed(one_or_more: Any) -> list[Any]:
    """Return a list, also for a single element."""
    return one_or_more if isinstance(one_or_more, list) else [one_or_more]


def resource_name(resource: Any) -> str:
    """Return the logical id of a statement's resource, with the attribute unless it is the ARN."""
    match resource:
        case {"Fn::GetAtt": [name, attribute]}:
            return str(name if attribute == "Arn" else f"{name}.{attribute}")
        case {"Fn::Sub": str(text)}:
            return text.partition(":log-group:")[2]
        case _:
            return str(resource)


def used_by_lambda(template: Any, function: str) -> Iterator[Grant]:
    """Yield what Lambda itself does with a function's role."""
    settings = properties(template, "AWS::Lambda::Function")[function]
    group = f"/aws/lambda/{settings['FunctionName']}"
    yield from (Grant(action, f"{group}:*:*") for action in LOGGING)
    for source in event_sources(template, function):
        resource = source["EventSourceArn"]
        _, attribute = resource["Fn::GetAtt"]
        yield from (Grant(action, resource_name(resource)) for action in READING[attribute])
        if on_failure := source.get("DestinationConfig", {}).get("OnFailure"):
            yield Grant("sqs:SendMessage", resource_name(on_failure["Destination"]))


@pytest.mark.parametrize("function", FUNCTIONS, ids=str)
def test_a_role_allows_exactly_what_its_function_does(
    template: Any, used: dict[str, set[Grant]], function: Function
) -> None:
    name = function_id(function.name)
    role = properties(template, "AWS::Lambda::Function")[name]["Role"]["Fn::GetAtt"][0]
    does = used.get(role, set()) | set(used_by_lambda(template, name))
    assert set(granted(template, role)) == does
