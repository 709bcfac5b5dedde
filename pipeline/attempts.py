"""Counts the attempts at each message: SQS only counts how often a message was received.

A receive that was throttled, or in which another message crashed the function, is no attempt.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any

    from aws.dynamodb import DynamoDB

RETENTION_S = 14 * 24 * 3600  # As long as a queue can keep a message.


class Attempts:
    """A DynamoDB table with the attempts at messages, under `message_id`.

    `receives` are those receives of the message in which it was attempted. They are a set, so that
    a repeated write changes nothing. `expires_at` is for DynamoDB's time to live.
    """

    def __init__(self, dynamodb: DynamoDB, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def record(
        self, message_id: str, receive: int, now: float, deadline: float, *, reason: str = ""
    ) -> tuple[int, str]:
        """Record an attempt, and why it failed if that is known.

        Return how many attempts there were, and the reason recorded last, or "".

        `receive` is the receive count of the message, `now` is in seconds since the epoch, and
        `deadline` in seconds of `time.monotonic`.

        Raises:
            ServiceError: DynamoDB refuses the call, for example for want of a permission.
            Unavailable: DynamoDB did not respond in time. The attempt may have been recorded.
        """
        values: dict[str, Any] = {
            ":expiry": {"N": str(int(now) + RETENTION_S)},
            ":receive": {"NS": [str(receive)]},
        }
        if reason:
            values[":reason"] = {"S": reason}
        response = self._dynamodb.call(
            "UpdateItem",
            deadline,
            TableName=self._table,
            Key={"message_id": {"S": message_id}},
            UpdateExpression="SET expires_at = :expiry"
            f"{', reason = :reason' if reason else ''} ADD receives :receive",
            ExpressionAttributeValues=values,
            ReturnValues="ALL_NEW",
        )
        item: dict[str, Any] = response["Attributes"]
        return len(item["receives"]["NS"]), item.get("reason", {}).get("S", "")
