"""DynamoDB, by the operations that stores call, in its own terms.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Operations_Amazon_DynamoDB.html
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from botocore.exceptions import ClientError

from aws.client import Client, Given, Refused, TransientError

Item = dict[str, Any]  # From names to values such as {"S": "a"} and {"N": "1"}.


class TransactionCanceled(Refused):
    """Raised when a transaction did nothing, since a condition of it did not hold.

    `reasons` are DynamoDB's, one an action: a Code, and an Item where the action asked for it.
    """

    def __init__(self, reasons: list[dict[str, Any]]) -> None:
        super().__init__([reason["Code"] for reason in reasons])
        self.reasons = reasons


class ConditionFailed(Refused):
    """Raised when a write did nothing, since its condition did not hold.

    `item` is the one that is there, if there is one and `ReturnValuesOnConditionCheckFailure` asked
    for it.
    """

    def __init__(self, item: Item | None) -> None:
        super().__init__()
        self.item = item


class DynamoDB(Client):
    """A client of DynamoDB."""

    SERVICE = "dynamodb"

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
                raise TransientError("there are UnprocessedKeys")

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

    def _translate(self, attempt: Callable[[], Given]) -> Given:
        try:
            return super()._translate(attempt)
        except ClientError as error:
            response: dict[str, Any] = error.response
            if response["Error"]["Code"] == "ConditionalCheckFailedException":
                raise ConditionFailed(response.get("Item")) from error
            reasons = response.get("CancellationReasons", [])
            if any(reason["Code"] == "ConditionalCheckFailed" for reason in reasons):
                raise TransactionCanceled(reasons) from error
            raise


def to_python(value: dict[str, Any]) -> Any:
    """Return what a value such as {"S": "a"} stands for; a number is a Decimal.

    Sets and bytes, which nothing here keeps, stay as they are.
    """
    ((kind, content),) = value.items()
    match kind:
        case "N":
            return Decimal(content)
        case "S" | "BOOL":
            return content
        case "NULL":
            return None
        case "L":
            return [to_python(each) for each in content]
        case "M":
            return {name: to_python(each) for name, each in content.items()}
    return value
