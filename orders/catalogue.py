"""The catalogue, as far as an order needs it: what an item is called, and what it costs."""

from decimal import Decimal
from typing import NamedTuple

from aws.dynamodb import DynamoDB


class Product(NamedTuple):
    """An item of the catalogue."""

    name: str
    price: Decimal


class Catalogue:
    """The items table, which the items functions keep, under `pk` = `sk` = id."""

    def __init__(self, dynamodb: DynamoDB, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def find(self, item_ids: set[str], deadline: float) -> dict[str, Product]:
        """Return those of up to 100 items that there are, by one batch read.

        Raises:
            Unavailable: the table did not answer in time.
        """
        wanted = {
            "Keys": [{"pk": {"S": each}, "sk": {"S": each}} for each in sorted(item_ids)],
            "ProjectionExpression": "pk, #name, price",
            "ExpressionAttributeNames": {"#name": "name"},  # A reserved word.
            "ConsistentRead": True,  # Who has just created an item may order it.
        }
        found = self._dynamodb.batch_get_item(deadline, {self._table: wanted})[self._table]
        return {
            item["pk"]["S"]: Product(item["name"]["S"], Decimal(item["price"]["N"]))
            for item in found
        }
