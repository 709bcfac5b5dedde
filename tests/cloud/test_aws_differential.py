"""The clients of `aws/` do and return what boto3 does and returns, on the local cloud."""

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aws.dynamodb import ConditionFailed, DynamoDB, TransactionCanceled, marshal
from aws.errors import ServiceError
from aws.sqs import SQS, Message
from dev.clients import aws_client
from dev.cloud import Cloud
from tests.support.faulty_proxy import later

TABLE = "compared"
KEY = {"pk": {"S": "ß\u2028\U0001f600"}}
TEXTS = st.text() | st.sampled_from(
    ["", "\0", "\x7f", "\\u0041", '"', "é", "\U0010ffff", "x" * 5000]
)
NUMBERS = st.integers(-(10**37), 10**37) | st.decimals(-(10**9), 10**9, places=3)
VALUES = st.recursive(
    st.none() | st.booleans() | TEXTS | NUMBERS,
    lambda children: st.lists(children, max_size=3) | st.dictionaries(TEXTS, children, max_size=3),
    max_leaves=8,
)
ITEMS = st.dictionaries(TEXTS.filter(len), VALUES, max_size=5).map(marshal)
NO_ITEM = "attribute_not_exists(pk)"
TOUCHED = {"Put": {"TableName": TABLE, "Item": KEY, "ConditionExpression": NO_ITEM}}
# What is called when the table has one item, under KEY, with the attribute n = 1.
CALLS: list[tuple[str, dict[str, Any]]] = [
    ("GetItem", {"TableName": TABLE, "Key": KEY}),
    ("GetItem", {"TableName": TABLE, "Key": {"pk": {"S": "another"}}}),
    ("GetItem", {"TableName": TABLE, "Key": KEY, "ReturnConsumedCapacity": "TOTAL"}),
    ("GetItem", {"TableName": TABLE, "Key": {"wrong": {"S": "1"}}}),
    ("GetItem", {"TableName": "unknown", "Key": KEY}),
    ("PutItem", {"TableName": TABLE, "Item": KEY, "ReturnValues": "ALL_OLD"}),
    ("PutItem", {"TableName": TABLE, "Item": KEY, "ConditionExpression": NO_ITEM}),
    ("PutItem", {"TableName": TABLE, "Item": KEY, "ConditionExpression": "nonsense ("}),
    (
        "UpdateItem",
        {
            "TableName": TABLE,
            "Key": KEY,
            "UpdateExpression": "ADD n :n",
            "ExpressionAttributeValues": {":n": {"N": "0.5"}},
            "ReturnValues": "ALL_NEW",
        },
    ),
    (
        "UpdateItem",
        {
            "TableName": TABLE,
            "Key": KEY,
            "UpdateExpression": "SET n = n",
            "ConditionExpression": NO_ITEM,
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        },
    ),
    ("DeleteItem", {"TableName": TABLE, "Key": KEY, "ReturnValues": "ALL_OLD"}),
    ("Scan", {"TableName": TABLE, "Limit": 1}),
    ("TransactWriteItems", {"TransactItems": [TOUCHED]}),
]


@pytest.fixture
def boto3_dynamodb(cloud: Cloud) -> Iterator[Any]:
    """Create the table, and return boto3's client."""
    client = aws_client(cloud, "dynamodb")
    client.create_table(
        TableName=TABLE,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
    )
    yield client
    client.delete_table(TableName=TABLE)


@pytest.fixture
def our_dynamodb(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> DynamoDB:
    """Return our client."""
    for name, value in cloud.settings().items():
        monkeypatch.setenv(name, value)
    return DynamoDB()


def outcome_of_boto3(client: Any, operation: str, request: dict[str, Any]) -> Any:
    """Return what boto3 returns, or what the error says."""
    try:
        response = client._make_api_call(operation, request)  # noqa: SLF001
    except ClientError as error:
        refusal: dict[str, Any] = error.response
        reasons = refusal.get("CancellationReasons", [])
        return refusal["Error"]["Code"], refusal.get("Item"), [each.get("Code") for each in reasons]
    return {name: value for name, value in response.items() if name != "ResponseMetadata"}


def our_outcome(client: DynamoDB, operation: Any, request: dict[str, Any]) -> Any:
    """Return the same of our client."""
    try:
        return client.call(operation, later(), **request)
    except ConditionFailed as failed:
        item = None if failed.item is None else marshal(failed.item)
        return "ConditionalCheckFailedException", item, []
    except TransactionCanceled as canceled:
        return "TransactionCanceledException", None, canceled.args[0]
    except ServiceError as error:
        return error.code, None, []


@pytest.mark.parametrize(("operation", "request_"), CALLS)
def test_a_call_does_and_returns_the_same(
    boto3_dynamodb: Any, our_dynamodb: DynamoDB, operation: str, request_: dict[str, Any]
) -> None:
    results = []
    clients: list[tuple[Any, Any]] = [
        (outcome_of_boto3, boto3_dynamodb),
        (our_outcome, our_dynamodb),
    ]
    for outcome, client in clients:
        boto3_dynamodb.put_item(TableName=TABLE, Item=KEY | {"n": {"N": "1"}})
        result = outcome(client, operation, dict(request_))
        results.append((result, boto3_dynamodb.scan(TableName=TABLE)["Items"]))
    assert results[0] == results[1]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(item=ITEMS)
def test_an_item_is_written_and_read_the_same(
    boto3_dynamodb: Any, our_dynamodb: DynamoDB, item: dict[str, Any]
) -> None:
    stored = []
    for write in (boto3_dynamodb.put_item, lambda **put: our_outcome(our_dynamodb, "PutItem", put)):
        write(TableName=TABLE, Item=item | KEY)
        for read in (outcome_of_boto3, our_outcome):
            client: Any = our_dynamodb if read is our_outcome else boto3_dynamodb
            get = {"TableName": TABLE, "Key": KEY, "ConsistentRead": True}
            stored.append(read(client, "GetItem", get))
    assert stored == [stored[0]] * 4
    assert stored[0]["Item"].keys() == (item | KEY).keys()


def test_many_items_are_read_the_same(boto3_dynamodb: Any, our_dynamodb: DynamoDB) -> None:
    keys = [{"pk": f"ü{number}"} for number in range(100)]
    for key in keys[:90]:
        boto3_dynamodb.put_item(TableName=TABLE, Item=marshal(key | {"text": "x" * 1000}))
    wanted = {TABLE: {"Keys": [marshal(key) for key in keys]}}
    theirs = boto3_dynamodb.batch_get_item(RequestItems=wanted)["Responses"][TABLE]
    ours = our_dynamodb.batch_get(TABLE, keys, later(), is_consistent=False)
    assert len(ours) == 90
    assert sorted(each["pk"] for each in ours) == sorted(each["pk"]["S"] for each in theirs)


@pytest.mark.usefixtures("our_dynamodb")  # It sets the environment.
@pytest.mark.parametrize("body", ["x", "ß\U0001f600\t\n\r", '{"a": "\\u0000"}', "x" * 100_000])
def test_a_message_is_sent_the_same(cloud: Cloud, body: str) -> None:
    client = aws_client(cloud, "sqs")
    url = client.create_queue(QueueName="compared")["QueueUrl"]
    attributes = {"reason": "ö?", "attempts": "3"}
    SQS().send(url, {"ours": Message(body, attributes)}, later())
    named = {name: {"DataType": "String", "StringValue": attributes[name]} for name in attributes}
    entry = {"Id": "1", "MessageBody": body, "MessageAttributes": named}
    client.send_message_batch(QueueUrl=url, Entries=[entry])
    received: list[Any] = []
    while len(received) < 2:
        received += client.receive_message(
            QueueUrl=url, MessageAttributeNames=["All"], MaxNumberOfMessages=10, WaitTimeSeconds=1
        )["Messages"]
    client.delete_queue(QueueUrl=url)
    for message in received:
        del message["MessageId"], message["ReceiptHandle"]
    assert received[0] == received[1]
    assert received[0]["Body"] == body
