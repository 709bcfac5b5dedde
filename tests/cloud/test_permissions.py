"""What each function's role may do is what the function does, and nothing else.

Each deployed function is driven through all that it does, over HTTP or by its event source, while
the local cloud logs the calls that it allows. What a role lacks is denied there: the drive fails.
"""

import json
from collections.abc import Iterator
from random import Random
from typing import Any, NamedTuple

import pytest

from dev.clients import aws_client
from dev.cloud import Cloud
from dev.service import API_KEY, STAGE
from tests.support.functions import FUNCTIONS, Function
from tests.support.orders import cart, new_order
from tests.support.pipeline import Orders, deployed_orders
from tests.support.template import event_sources, function_id, properties
from tests.support.waiting import until
from tests.support.web import call

RNG = Random(__name__)


class Grant(NamedTuple):
    """That a role may do something with a resource, which serverless.yml has under that name."""

    action: str
    resource: str


# What Lambda does under a function's role, besides what the function itself does: to log and trace,
# https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html
# https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html
LOGGING = ["logs:CreateLogStream", "logs:PutLogEvents"]
TRACING = ["xray:PutTraceSegments", "xray:PutTelemetryRecords"]
# and to read its event source.
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
    """Applaud a post, repeat that, pass the cap, and read what was counted."""
    url, key = f"{api_url}/claps", f"{RNG.getrandbits(128):x}"
    body = {"slug": key, "claps": 20}
    for _ in range(2):
        assert call(url, json=body, headers={"Idempotency-Key": key}).status_code == 200
    assert call(url, json=body).status_code == 409
    assert call(url, "GET", params={"slug": key}).status_code == 200


def keep_items(api_url: str) -> str:
    """Create, replace, read, list and delete items; return the id of one that is still there."""
    url, bell = f"{api_url}/items", {"name": "Bell", "price": "1.50"}
    kept, replaced = (call(url, json=bell).json()["id"] for _ in range(2))
    one = f"{url}/{replaced}"
    assert call(one, "PUT", json=bell, headers={"If-Match": '"1"'}).status_code == 200
    assert call(one, "GET").json()["version"] == 2
    assert call(url, "GET").status_code == 200
    assert call(one, "DELETE").status_code == 204
    return str(kept)


def order(api_url: str, item_id: str, orders: Orders) -> None:
    """Place an order, repeat that, and read it when it has come through the pipeline."""
    url, key = f"{api_url}/orders", {"x-api-key": API_KEY}
    body = {"user_id": "ada", "order_items": [{"item_id": item_id, "quantity": 1}]}
    once = key | {"Idempotency-Key": f"{RNG.getrandbits(128):x}"}
    placed, repeated = (call(url, json=body, headers=once).json() for _ in range(2))
    assert placed == repeated
    one = f"{url}/{placed['order_id']}"
    until(
        lambda: call(one, "GET", headers=key).json()["cart_product_status"] == "PROCESSED",
        lambda: orders.get(placed["order_id"]),
    )


def spoil(orders: Orders) -> None:
    """Have both functions of the pipeline park something: a record, and a message."""
    orders.put(order_date={"NULL": True})
    orders.sqs.send_message(QueueUrl=orders.queue, MessageBody=cart(new_order().order_id))
    for queue in (orders.failures, orders.dead_letters):
        until(lambda: orders.drain(queue), lambda: f"nothing is in {queue}")  # noqa: B023


@pytest.fixture(scope="module")
def used(cloud: Cloud, api_url: str) -> dict[str, set[Grant]]:
    """Return what each role was used for, by its name in the template."""
    orders = deployed_orders(cloud)
    with cloud.calls_log.open(encoding="utf-8") as log:
        log.seek(0, 2)
        for path in ("", "/clap-button.js", "/hello"):
            assert call(api_url + path, "GET").status_code == 200
        assert call(f"{api_url}/lucky_numbers", json={"name": "Ada", "count": 2}).ok
        clap(api_url)
        order(api_url, keep_items(api_url), orders)
        spoil(orders)
        calls = [json.loads(line) for line in log]
    names = logical_ids(cloud)
    found: dict[str, set[Grant]] = {}
    for each in calls:
        grant = Grant(each["action"], names[last_part(each["resource"])])
        found.setdefault(names[each["role"]], set()).add(grant)
    return found


def logical_ids(cloud: Cloud) -> dict[str, str]:
    """Return what the template calls each deployed resource, by its name on the cloud."""
    client = aws_client(cloud, "cloudformation")
    stack = client.describe_stack_resources(StackName=f"lucky-numbers-{STAGE}")["StackResources"]
    return {last_part(each["PhysicalResourceId"]): each["LogicalResourceId"] for each in stack}


def last_part(name: str) -> str:
    """Return what an ARN or a queue's URL ends with."""
    return name.replace(":", "/").rpartition("/")[2]


def granted(template: Any, role: str) -> Iterator[Grant]:
    """Yield what a role may do."""
    assert not template["Resources"][role]["Properties"].get("ManagedPolicyArns")
    for policy in template["Resources"][role]["Properties"]["Policies"]:
        for statement in policy["PolicyDocument"]["Statement"]:
            for action in listed(statement["Action"]):
                for resource in listed(statement["Resource"]):
                    yield Grant(action, resource_name(resource))


def listed(one_or_more: Any) -> list[Any]:
    """Return a list, also of what stands for its only element."""
    return one_or_more if isinstance(one_or_more, list) else [one_or_more]


def resource_name(resource: Any) -> str:
    """Return the name of a statement's resource: with its attribute, where that is no plain ARN."""
    match resource:
        case {"Fn::GetAtt": [name, attribute]}:
            return str(name if attribute == "Arn" else f"{name}.{attribute}")
        case {"Fn::Sub": str(text)}:
            return text.partition(":log-group:")[2]
        case _:
            return str(resource)


def under_the_role(template: Any, function: str) -> Iterator[Grant]:
    """Yield what Lambda does under a function's role."""
    settings = properties(template, "AWS::Lambda::Function")[function]
    group = f"/aws/lambda/{settings['FunctionName']}"
    yield from (Grant(action, f"{group}:*:*") for action in LOGGING)
    yield from (Grant(action, "*") for action in TRACING)  # X-Ray has no resource to name.
    for source in event_sources(template, function):
        resource = source["EventSourceArn"]
        _, attribute = resource["Fn::GetAtt"]
        yield from (Grant(action, resource_name(resource)) for action in READING[attribute])
        if on_failure := source.get("DestinationConfig", {}).get("OnFailure"):
            yield Grant("sqs:SendMessage", resource_name(on_failure["Destination"]))


@pytest.mark.parametrize("function", FUNCTIONS, ids=str)
def test_a_role_may_do_what_its_function_does_and_nothing_else(
    template: Any, used: dict[str, set[Grant]], function: Function
) -> None:
    name = function_id(function.name)
    role = properties(template, "AWS::Lambda::Function")[name]["Role"]["Fn::GetAtt"][0]
    does = used.get(role, set()) | set(under_the_role(template, name))
    assert set(granted(template, role)) == does
