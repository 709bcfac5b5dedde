"""Calls of DynamoDB, for tests of how they are made."""

from typing import Any

import pytest

from aws.dynamodb import DynamoDB
from tests.support.faulty_proxy import later

ITEM: Any = {"Item": {"pk": {"S": "1"}, "name": {"S": "Löwe"}}}
ONE_ATTEMPT_S = 1.9  # Enough for one attempt and not for two slow ones.


def get(dynamodb: DynamoDB, seconds: float = 30) -> Any:
    """Get an item."""
    return dynamodb.call("GetItem", later(seconds), TableName="t", Key={"pk": {"S": "1"}})


def put(dynamodb: DynamoDB, seconds: float = 30) -> Any:
    """Put an item."""
    return dynamodb.call("PutItem", later(seconds), TableName="t", Item={"pk": {"S": "1"}})


def no_retry(_size: int) -> bytes:
    """Stand in for random bytes where no attempt may have a backoff, and so none may follow."""
    pytest.fail("The call was retried.")
