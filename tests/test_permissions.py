"""What each function's role may do on the cloud, tried with the role's own credentials."""

import io
import json
import zipfile
from typing import Any

import pytest
from botocore.exceptions import ClientError

from dev.cloud import Cloud
from tests.cloud import aws_client, function_environment, function_name

PROBE = "import os\n\ndef tell(event, context):\n    return dict(os.environ)\n"
KEY = {"pk": {"S": "a"}}
# What is tried on a table, and the parameters that each call takes besides the table's name.
TABLE_CALLS: dict[str, dict[str, Any]] = {
    "delete_item": {"Key": KEY},
    "delete_table": {},
    "describe_table": {},
    "get_item": {"Key": KEY},
    "put_item": {"Item": KEY},
    "query": {"KeyConditionExpression": "pk = :a", "ExpressionAttributeValues": {":a": KEY["pk"]}},
    "scan": {},
    "update_item": {"Key": KEY},
}
MAY = {
    "applaud": {"batch_get_item", "put_item", "update_item"},
    "lucky_numbers": set[str](),
    "read_claps": {"batch_get_item"},
    "read_web": set[str](),
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
def claps_table(cloud: Cloud, api_url: str) -> str:
    """Return the name of the claps table."""
    assert api_url
    return function_environment(cloud, "applaud")["CLAPS_TABLE"]


def allowed(client: Any, table: str) -> set[str]:
    """Return the calls on a table that are allowed; those that are not do nothing."""
    done = set()
    for name, parameters in TABLE_CALLS.items():
        if is_allowed(getattr(client, name), TableName=table, **parameters):
            done.add(name)
    if is_allowed(client.batch_get_item, RequestItems={table: {"Keys": [KEY]}}):
        done.add("batch_get_item")
    return done


def is_allowed(call: Any, **parameters: Any) -> bool:
    """Whether a call is done, rather than denied."""
    try:
        call(**parameters)
    except ClientError as error:
        if not error.response["Error"]["Code"].startswith("AccessDenied"):
            raise
        return False
    return True


@pytest.mark.parametrize(("function", "may"), MAY.items())
def test_a_role_may_do_its_work_and_nothing_else(
    cloud: Cloud, claps_table: str, function: str, may: set[str]
) -> None:
    credentials = credentials_of(cloud, function)
    root = aws_client(cloud, "dynamodb")
    other = f"not-of-{function}"
    root.create_table(
        TableName=other,
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
    )
    dynamodb = aws_client(cloud, "dynamodb", credentials)
    assert allowed(dynamodb, claps_table) == may
    assert allowed(dynamodb, other) == set()
    root.delete_item(TableName=claps_table, Key=KEY)
    root.delete_table(TableName=other)
    for service, call in (
        ("dynamodb", "list_tables"),
        ("iam", "list_roles"),
        ("lambda", "list_functions"),
        ("s3", "list_buckets"),
        ("secretsmanager", "list_secrets"),
        ("sqs", "list_queues"),
    ):
        assert not is_allowed(getattr(aws_client(cloud, service, credentials), call))


def test_every_role_is_tried(functions: dict[str, Any]) -> None:
    names = {function["FunctionName"] for function in functions.values()}
    assert {name.removeprefix("lucky-numbers-dev-") for name in names} == MAY.keys()
