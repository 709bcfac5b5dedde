"""DynamoDB, by the operations that stores call, in its own terms.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Operations_Amazon_DynamoDB.html
"""

import logging
import os
import time
from collections.abc import Callable
from random import SystemRandom
from typing import Any, TypeVar

import botocore.session
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionError, HTTPClientError  # noqa: A004

# DynamoDB answers within some ten milliseconds: what takes longer is better asked anew.
CONNECT_TIMEOUT_S = 0.5
READ_TIMEOUT_S = 1.0
ATTEMPT_S = CONNECT_TIMEOUT_S + READ_TIMEOUT_S
PAUSE_S, PAUSE_MAX_S = 0.02, 0.5
ATTEMPTS_MAX = 20

# What passes by itself, from a call as from an item of a transaction.
# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
TRANSIENT = {
    "InternalServerError",
    "ProvisionedThroughputExceeded",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "ServiceUnavailable",
    "ThrottlingError",
    "ThrottlingException",
    "TransactionConflict",
    "TransactionConflictException",
    "TransactionInProgressException",
}

Item = dict[str, Any]  # From names to values such as {"S": "a"} and {"N": "1"}.
Given = TypeVar("Given")


class TransactionCanceled(Exception):  # noqa: N818
    """Raised when a transaction did nothing, since a condition of it did not hold.

    `reasons` are DynamoDB's, one an action: a Code, and an Item where the action asked for it.
    """

    def __init__(self, reasons: list[dict[str, Any]]) -> None:
        super().__init__([reason["Code"] for reason in reasons])
        self.reasons = reasons


class ConditionFailed(Exception):  # noqa: N818
    """Raised when a write did nothing, since its condition did not hold.

    `item` is the one that is there, if there is one and `ReturnValuesOnConditionCheckFailure` asked
    for it. `may_be_ours` tells that an attempt before was not answered: the condition may well have
    held then, and what is in its way be what that attempt did.
    """

    def __init__(self, item: Item | None) -> None:
        super().__init__()
        self.item = item
        self.may_be_ours = False


class Unavailable(TimeoutError):  # noqa: N818
    """Raised when DynamoDB did not do it in the time left.

    Of a write that it did not answer, nobody knows whether it was done.
    """


class DynamoDB:
    """A client, which is built with an instance and connects with the first call.

    Region, credentials and an AWS_ENDPOINT_URL come from the environment. Each call tries, and
    again with full jitter what passes by itself, as long as the time up to its `deadline`, in
    seconds of `time.monotonic`, lets an attempt end.
    https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
    """

    def __init__(self) -> None:
        # At INFO it tells, of each cold start, where it found its credentials.
        logging.getLogger("botocore").setLevel(logging.WARNING)
        self._rng = SystemRandom()
        self._client = botocore.session.Session().create_client(
            "dynamodb",
            region_name=os.environ["AWS_REGION"],
            config=Config(
                connect_timeout=CONNECT_TIMEOUT_S,
                read_timeout=READ_TIMEOUT_S,
                retries={"total_max_attempts": 1},  # It knows nothing of the time left.
                tcp_keepalive=True,
            ),
        )

    def batch_get_item(self, deadline: float, request_items: Item) -> dict[str, list[Item]]:
        """Return the items that there are, by table.

        Raises:
            Unavailable: they could not be read in time.
        """
        found: dict[str, list[Item]] = {table: [] for table in request_items}
        wanted = request_items

        def read() -> None:
            nonlocal wanted
            response = self._client.batch_get_item(RequestItems=wanted)
            for table, items in response["Responses"].items():
                found[table] += items
            wanted = response["UnprocessedKeys"]
            if wanted:
                raise _TransientError("there are UnprocessedKeys")

        self._try(read, deadline)
        return found

    def delete_item(self, deadline: float, **request: Any) -> None:
        """Delete an item.

        Raises:
            ConditionFailed: its condition did not hold.
            Unavailable: it could not be done in time.
        """
        self._try(lambda: self._client.delete_item(**request), deadline)

    def get_item(self, deadline: float, **request: Any) -> Item | None:
        """Return an item, or None.

        Raises:
            Unavailable: it could not be read in time.
        """
        response: Item = self._try(lambda: self._client.get_item(**request), deadline)
        return response.get("Item")

    def put_item(self, deadline: float, **request: Any) -> None:
        """Put an item.

        Raises:
            ConditionFailed: its condition did not hold.
            Unavailable: it could not be done in time.
        """
        self._try(lambda: self._client.put_item(**request), deadline)

    def scan(self, deadline: float, **request: Any) -> tuple[list[Item], Item | None]:
        """Return items of a table, and the key to go on from, if there may be more.

        Raises:
            Unavailable: they could not be read in time.
        """
        response: Item = self._try(lambda: self._client.scan(**request), deadline)
        return response["Items"], response.get("LastEvaluatedKey")

    def transact_write_items(self, deadline: float, token: str, actions: list[Item]) -> None:
        """Do all of the actions or none, and once however often the token (a nonce) is sent.

        Raises:
            TransactionCanceled: a condition did not hold.
            Unavailable: it could not be done in time.
        """
        self._try(
            lambda: self._client.transact_write_items(
                TransactItems=actions, ClientRequestToken=token
            ),
            deadline,
        )

    def update_item(self, deadline: float, **request: Any) -> Item:
        """Update an item, and return of it what `ReturnValues` asks for.

        Raises:
            ConditionFailed: its condition did not hold.
            Unavailable: it could not be done in time.
        """
        response: Item = self._try(lambda: self._client.update_item(**request), deadline)
        attributes: Item = response.get("Attributes", {})
        return attributes

    def _try(self, attempt: Callable[[], Given], deadline: float) -> Given:
        is_unanswered = False
        failure: _TransientError | None = None
        for number in range(ATTEMPTS_MAX):
            pause = self._rng.uniform(0, min(PAUSE_S * 2**number, PAUSE_MAX_S)) if number else 0
            if time.monotonic() + pause + ATTEMPT_S > deadline:
                break
            time.sleep(pause)
            try:
                return _translate(attempt)
            except ConditionFailed as failed:
                failed.may_be_ours = is_unanswered
                raise
            except _TransientError as error:
                is_unanswered |= error.is_unanswered
                failure = error
        raise Unavailable(f"DynamoDB: {failure or 'no time for an attempt'}") from failure


class _TransientError(Exception):
    """Raised when the same call may well succeed a moment later; unanswered, it may be done."""

    def __init__(self, told: str, *, is_unanswered: bool = False) -> None:
        super().__init__(told)
        self.is_unanswered = is_unanswered


def _translate(attempt: Callable[[], Given]) -> Given:
    """Return what an attempt gives, or raise what its failure means."""
    try:
        return attempt()
    except (ConnectionError, HTTPClientError) as error:
        raise _TransientError(type(error).__name__, is_unanswered=True) from error
    except ClientError as error:
        response: dict[str, Any] = error.response
        reasons = response.get("CancellationReasons", [])
        codes = {response["Error"]["Code"], *(reason["Code"] for reason in reasons)}
        is_failure = response["ResponseMetadata"]["HTTPStatusCode"] >= 500  # noqa: PLR2004
        # In a conflict, what else is said of a transaction may be about to change.
        if codes & TRANSIENT or is_failure:
            told = ", ".join(sorted(codes))
            raise _TransientError(told, is_unanswered=is_failure) from error
        if "ConditionalCheckFailedException" in codes:
            raise ConditionFailed(response.get("Item")) from error
        if "ConditionalCheckFailed" in codes:
            raise TransactionCanceled(reasons) from error
        raise
