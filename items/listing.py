"""The function that lists the items, page by page."""

import os

from aws.dynamodb import DynamoDB
from gateway import endpoint
from gateway.problem import BadRequest
from items.cursor import InvalidCursorError, make_cursor, read_cursor
from items.payload import ItemList, ListQuery
from items.store import ItemStore

# Built in the init phase on purpose; see aws/client.py.
STORE = ItemStore(DynamoDB(), os.environ["ITEMS_TABLE"])
SECRET = os.environ["SECRET"].encode()


@endpoint
def list_items(query: ListQuery, deadline: float) -> ItemList:
    """List a page of items, with a cursor to the next page."""
    try:
        after = None if query.cursor is None else read_cursor(query.cursor, SECRET)
    except InvalidCursorError:
        errors = [{"parameter": "cursor", "detail": "Not a cursor from an earlier response"}]
        raise BadRequest("Invalid parameter.", errors=errors) from None
    is_consistent = query.consistent == "true"
    items, has_more = STORE.list(query.limit, after, deadline, is_consistent=is_consistent)
    return ItemList(items=items, cursor=make_cursor(items[-1].id, SECRET) if has_more else None)
