"""DynamoDB: its operations by their names, and its items as Python values.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Operations_Amazon_DynamoDB.html
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from aws.client import Client
from aws.errors import Refused, ServiceError, TransientError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any, Literal, Unpack, overload

    from mypy_boto3_dynamodb import type_defs as types

    Item = dict[str, types.AttributeValueTypeDef]  # Such as {"name": {"S": "Bell"}}.


class ConditionFailed(Refused):
    """Raised when a write did nothing because its condition did not hold.

    `item` is the stored item, if there is one and the request had
    `ReturnValuesOnConditionCheckFailure`.
    """

    def __init__(self, item: Item | None) -> None:
        super().__init__()
        self.item = unmarshal(item) if item else None


class TransactionCanceled(Refused):
    """Raised when a transaction did nothing because a condition in it did not hold.

    `items` has an entry for each action, to unmarshal: the stored item, as in `ConditionFailed`, if
    that action's condition failed; otherwise it is empty.
    """

    def __init__(self, reasons: list[dict[str, Any]]) -> None:
        super().__init__([reason["Code"] for reason in reasons])
        self.items: list[Item] = [reason.get("Item", {}) for reason in reasons]


class DynamoDB(Client):
    """A client of DynamoDB.

    >>> response = dynamodb.call("GetItem", deadline, TableName="users", Key=marshal({"pk": "1"}))
    >>> unmarshal(response["Item"])
    {"pk": "1", "balance": Decimal("1.50")}
    """

    SERVICE = "dynamodb"
    TARGET = "DynamoDB_20120810"

    if TYPE_CHECKING:  # What each operation takes and returns.

        @overload
        def call(
            self,
            operation: Literal["GetItem"],
            deadline: float,
            **request: Unpack[types.GetItemInputTypeDef],
        ) -> types.GetItemOutputTypeDef: ...
        @overload
        def call(
            self,
            operation: Literal["PutItem"],
            deadline: float,
            **request: Unpack[types.PutItemInputTypeDef],
        ) -> types.PutItemOutputTypeDef: ...
        @overload
        def call(
            self,
            operation: Literal["Scan"],
            deadline: float,
            **request: Unpack[types.ScanInputTypeDef],
        ) -> types.ScanOutputTypeDef: ...
        @overload
        def call(
            self,
            operation: Literal["TransactWriteItems"],
            deadline: float,
            **request: Unpack[types.TransactWriteItemsInputTypeDef],
        ) -> types.TransactWriteItemsOutputTypeDef: ...
        @overload
        def call(
            self,
            operation: Literal["UpdateItem"],
            deadline: float,
            **request: Unpack[types.UpdateItemInputTypeDef],
        ) -> types.UpdateItemOutputTypeDef: ...

    def call(self, operation: str, deadline: float, **request: Any) -> Any:
        """Call an operation, retrying transient errors until `deadline`; return its response.

        A retry may repeat a write that was done already. Give writes a condition, and
        TransactWriteItems a ClientRequestToken.

        Raises:
            ConditionFailed: the condition of a write did not hold.
            TransactionCanceled: a condition of a transaction did not hold.
            ServiceError: DynamoDB refuses the call for another reason, such as an invalid request.
            Unavailable: no attempt succeeded in time.
        """
        return self._call(operation, deadline, request)

    def batch_get(
        self, table: str, keys: list[dict[str, Any]], deadline: float, *, is_consistent: bool
    ) -> list[dict[str, Any]]:
        """Return the items of up to 100 keys, in any order, without those that do not exist.

        It is one BatchGetItem, retried for the keys that DynamoDB leaves unprocessed.

        Raises:
            Unavailable: some items could not be read in time.
        """
        items: list[dict[str, Any]] = []
        wanted: Any = {
            table: {"Keys": [marshal(key) for key in keys], "ConsistentRead": is_consistent}
        }

        def attempt() -> list[dict[str, Any]]:
            nonlocal wanted
            response = self._attempt("BatchGetItem", {"RequestItems": wanted})
            items.extend(map(unmarshal, response["Responses"].get(table, [])))
            wanted = response["UnprocessedKeys"]
            if wanted:
                raise TransientError("UnprocessedKeys")
            return items

        return self._retry(attempt, deadline)

    def _attempt(self, operation: str, request: Mapping[str, Any]) -> Any:
        try:
            return super()._attempt(operation, request)
        except ServiceError as error:
            if error.code == "ConditionalCheckFailedException":
                raise ConditionFailed(error.document.get("Item")) from error
            reasons = error.document.get("CancellationReasons") or []
            if any(reason["Code"] == "ConditionalCheckFailed" for reason in reasons):
                raise TransactionCanceled(reasons) from error
            raise


class Number(str):
    """A number as DynamoDB writes it, such as "1.5", for code that does not calculate with it.

    A Decimal would cost a cold start the import of `decimal`.
    """

    __slots__ = ()


def marshal(values: Mapping[str, Any]) -> Item:
    """Return Python values as DynamoDB's.

    Takes str, bool, int, Decimal, Number, None, and lists and dicts of these.

    >>> marshal({"name": "Bell", "price": Decimal("1.50")})
    {"name": {"S": "Bell"}, "price": {"N": "1.50"}}

    Raises:
        TypeError: a value is of another type.
    """
    return {name: _to_dynamodb(value) for name, value in values.items()}


def unmarshal(
    item: Mapping[str, Any], to_number: Callable[[str], Any] | None = None
) -> dict[str, Any]:
    """Return DynamoDB's values as Python's: integers as int, other numbers as Decimal.

    Or all numbers as what `to_number`, such as Number, makes of them. Sets and binary values, which
    nothing here stores, stay as they are.

    >>> unmarshal({"name": {"S": "Bell"}, "price": {"N": "1.50"}})
    {"name": "Bell", "price": Decimal("1.50")}
    """
    return {name: _to_python(value, to_number or _to_number) for name, value in item.items()}


def _to_dynamodb(value: Any) -> types.AttributeValueTypeDef:  # noqa: PLR0911
    match value:
        case bool():
            return {"BOOL": value}
        case Number():
            return {"N": str(value)}
        case str():
            return {"S": value}
        case _ if isinstance(value, int) or _is_decimal(value):
            return {"N": str(value)}
        case None:
            return {"NULL": True}
        case list():
            return {"L": [_to_dynamodb(each) for each in value]}
        case dict():
            return {"M": marshal(value)}
    raise TypeError(f"DynamoDB has no type for {type(value).__name__}")


def _is_decimal(value: Any) -> bool:
    # Importing `decimal` takes long. Unless somebody else has done it, there is no Decimal.
    decimal = sys.modules.get("decimal")
    return decimal is not None and isinstance(value, decimal.Decimal)


def _to_python(value: Mapping[str, Any], to_number: Callable[[str], Any]) -> Any:
    ((kind, content),) = value.items()
    match kind:
        case "S" | "BOOL":
            return content
        case "N":
            return to_number(content)
        case "NULL":
            return None
        case "L":
            return [_to_python(each, to_number) for each in content]
        case "M":
            return unmarshal(content, to_number)
    return value


def _to_number(text: str) -> Any:
    if text.removeprefix("-").isdecimal():
        return int(text)
    from decimal import Decimal  # noqa: PLC0415 (most functions have integers only)

    return Decimal(text)
