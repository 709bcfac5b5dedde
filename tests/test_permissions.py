"""What each function's role may do on the cloud, tried with the role's own credentials."""

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from botocore import xform_name
from botocore.exceptions import ClientError

from dev.cloud import Cloud
from tests.cloud import aws_client, function_name
from tests.functions import FUNCTIONS, Function

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
        "KeyConditionExpression": "pk = :pk",
        "ExpressionAttributeValues": {":pk": key["pk"]},
    },
    "scan": lambda table, _key: {"TableName": table},
    "update_item": lambda table, key: {"TableName": table, "Key": key},
}


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
def tables(cloud: Cloud, api_url: str) -> dict[str, str]:
    """Return the names of the deployed tables, by what serverless.yml calls them."""
    assert api_url
    client = aws_client(cloud, "cloudformation")
    resources = client.describe_stack_resources(StackName="lucky-numbers-local")["StackResources"]
    return {
        each["LogicalResourceId"]: each["PhysicalResourceId"]
        for each in resources
        if each["ResourceType"] == "AWS::DynamoDB::Table"
    }


def allowed(client: Any, table: str, key: dict[str, Any]) -> set[str]:
    """Return the calls on a table that are allowed; those that are not do nothing."""
    return {
        name
        for name, parameters in TABLE_CALLS.items()
        if is_allowed(getattr(client, name), **parameters(table, key))
    }


def is_allowed(call: Any, **parameters: Any) -> bool:
    """Whether a call is done, rather than denied."""
    try:
        call(**parameters)
    except ClientError as error:
        if not error.response["Error"]["Code"].startswith("AccessDenied"):
            raise
        return False
    return True


def granted(template: Any, function: Function) -> dict[str, set[str]]:
    """Return the calls that serverless.yml grants a function, by table."""
    calls: dict[str, set[str]] = {}
    name = function.name.replace("_", "Underscore")
    role = f"{name[0].upper()}{name[1:]}IamRoleLambdaExecution"
    (policy,) = template["Resources"][role]["Properties"]["Policies"]
    for statement in policy["PolicyDocument"]["Statement"]:
        for action in statement["Action"]:
            service, _, operation = action.partition(":")
            if service == "dynamodb":
                table = statement["Resource"]["Fn::GetAtt"][0]
                calls.setdefault(table, set()).add(xform_name(operation))
    return calls


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_role_may_do_what_serverless_yml_says_and_nothing_else(
    cloud: Cloud, tables: dict[str, str], template: Any, function: Function
) -> None:
    credentials = credentials_of(cloud, function.name)
    grants = granted(template, function)
    for name, table in tables.items():
        root = aws_client(cloud, "dynamodb")
        schema = root.describe_table(TableName=table)["Table"]["KeySchema"]
        key = {each["AttributeName"]: {"S": "a"} for each in schema}
        client = aws_client(cloud, "dynamodb", credentials)
        assert allowed(client, table, key) == grants.get(name, set())
        root.delete_item(TableName=table, Key=key)
    for service, call in (
        ("dynamodb", "list_tables"),
        ("iam", "list_roles"),
        ("lambda", "list_functions"),
        ("s3", "list_buckets"),
        ("secretsmanager", "list_secrets"),
        ("sqs", "list_queues"),
    ):
        assert not is_allowed(getattr(aws_client(cloud, service, credentials), call))
