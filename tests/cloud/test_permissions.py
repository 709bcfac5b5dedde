"""What each function's role may do on the cloud, tried with the role's own credentials."""

import io
import json
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from botocore import xform_name
from botocore.exceptions import ClientError

from dev.cloud import Cloud
from tests.support.cloud import aws_client, function_name
from tests.support.functions import FUNCTIONS, Function

PROBE = "import os\n\ndef tell(event, context):\n    return dict(os.environ)\n"
# What is tried on a table, and the parameters of each call.
TABLE_CALLS: dict[str, Callable[[str, Any], dict[str, Any]]] = {
    "batch_get_item": lambda table, key: {"RequestItems": {table: {"Keys": [key]}}},
    "delete_item": lambda table, key: {"TableName": table, "Key": key},
    "delete_table": lambda table, _key: {"TableName": table},
    "describe_table": lambda table, _key: {"TableName": table},
    "get_item": lambda table, key: {"TableName": table, "Key": key},
    "put_item": lambda table, key: {"TableName": table, "Item": key},
    "query": lambda table, key: {
        "TableName": table,
        "KeyConditionExpression": f"{min(key)} = :pk",
        "ExpressionAttributeValues": {":pk": key[min(key)]},
    },
    "scan": lambda table, _key: {"TableName": table},
    "update_item": lambda table, key: {"TableName": table, "Key": key},
}
# What is tried on a queue, besides its URL. Who may send may send a batch, and so on.
QUEUE_CALLS: dict[str, dict[str, Any]] = {
    "change_message_visibility": {"ReceiptHandle": "none", "VisibilityTimeout": 0},
    "delete_message": {"ReceiptHandle": "none"},
    "get_queue_attributes": {"AttributeNames": ["All"]},
    "purge_queue": {},
    "receive_message": {},
    "send_message": {"MessageBody": "{}"},
    "set_queue_attributes": {"Attributes": {"VisibilityTimeout": "30"}},
}
# What is tried on all of a service's resources.
SERVICE_CALLS = [
    ("dynamodb", "list_tables"),
    ("dynamodbstreams", "list_streams"),
    ("iam", "list_roles"),
    ("lambda", "list_functions"),
    ("s3", "list_buckets"),
    ("secretsmanager", "list_secrets"),
    ("sqs", "list_queues"),
]


def role_of(cloud: Cloud, function: str) -> str:
    """Return the ARN of a function's role."""
    name = function_name(function)
    configuration = aws_client(cloud, "lambda").get_function_configuration(FunctionName=name)
    role: str = configuration["Role"]
    return role


def credentials_of(cloud: Cloud, function: str) -> dict[str, str]:
    """Return a role's own credentials, as a function that runs under it has them."""
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("probe.py", PROBE)
    client, name = aws_client(cloud, "lambda"), f"probe-{function}"
    client.create_function(
        FunctionName=name,
        Role=role_of(cloud, function),
        Runtime="python3.13",
        Handler="probe.tell",
        Code={"ZipFile": code.getvalue()},
    )
    client.get_waiter("function_active_v2").wait(FunctionName=name)
    told = json.loads(client.invoke(FunctionName=name)["Payload"].read())
    client.delete_function(FunctionName=name)
    return {key: value for key, value in told.items() if key.startswith("AWS_")}


@pytest.fixture(scope="module")
def resources(cloud: Cloud, api_url: str) -> dict[str, dict[str, str]]:
    """Return the deployed resources by type: their names, by what serverless.yml calls them."""
    assert api_url
    client = aws_client(cloud, "cloudformation")
    found: dict[str, dict[str, str]] = {}
    stack = client.describe_stack_resources(StackName="lucky-numbers-local")
    for each in stack["StackResources"]:
        of_type = found.setdefault(each["ResourceType"], {})
        of_type[each["LogicalResourceId"]] = each["PhysicalResourceId"]
    return found


def allowed(client: Any, calls: Mapping[str, dict[str, Any]]) -> set[str]:
    """Return the calls that are allowed; those that are not do nothing."""
    return {name for name in calls if is_allowed(getattr(client, name), **calls[name])}


def is_allowed(call: Any, **parameters: Any) -> bool:
    """Whether a call is done, or would be if it made sense, rather than denied."""
    try:
        call(**parameters)
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code not in ("ReceiptHandleIsInvalid", "AccessDenied", "AccessDeniedException"):
            raise
        return not code.startswith("AccessDenied")
    return True


def granted(template: Any, function: Function) -> dict[str, set[str]]:
    """Return the calls that serverless.yml grants a function, by resource; not those on streams."""
    calls: dict[str, set[str]] = {}
    name = function.name.replace("_", "Underscore")
    role = f"{name[0].upper()}{name[1:]}IamRoleLambdaExecution"
    (policy,) = template["Resources"][role]["Properties"]["Policies"]
    for statement in policy["PolicyDocument"]["Statement"]:
        for resource in each_of(statement["Resource"]):
            if "Fn::GetAtt" in resource:
                on = calls.setdefault(".".join(resource["Fn::GetAtt"]), set())
                on |= {xform_name(action.partition(":")[2]) for action in statement["Action"]}
    return calls


def each_of(resources: Any) -> list[Any]:
    """Return the resources of a statement."""
    return resources if isinstance(resources, list) else [resources]


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_role_may_do_what_serverless_yml_says_and_nothing_else(
    cloud: Cloud, resources: dict[str, dict[str, str]], template: Any, function: Function
) -> None:
    credentials = credentials_of(cloud, function.name)
    grants = granted(template, function)
    root, client = aws_client(cloud, "dynamodb"), aws_client(cloud, "dynamodb", credentials)
    for name, table in resources["AWS::DynamoDB::Table"].items():
        schema = root.describe_table(TableName=table)["Table"]["KeySchema"]
        key = {each["AttributeName"]: {"S": "a"} for each in schema}
        calls = {call: parameters(table, key) for call, parameters in TABLE_CALLS.items()}
        assert allowed(client, calls) == grants.get(f"{name}.Arn", set())
        root.delete_item(TableName=table, Key=key)
    client = aws_client(cloud, "sqs", credentials)
    for name, url in resources["AWS::SQS::Queue"].items():
        calls = {call: {"QueueUrl": url, **QUEUE_CALLS[call]} for call in QUEUE_CALLS}
        assert allowed(client, calls) == grants.get(f"{name}.Arn", set())
    for service, call in SERVICE_CALLS:
        assert not is_allowed(getattr(aws_client(cloud, service, credentials), call))
