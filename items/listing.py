"""The function that lists the items, page by page."""

import os

from aws.dynamodb import DynamoDB
from gateway import endpoint
from items.cursor import make_cursor, read_cursor
from items.payload import ItemList, ListQuery
from items.problems import to_problem
from items.store import ItemStore

# Built in the init phase on purpose; see aws/client.py.
STORE = ItemStore(DynamoDB(), os.environ["ITEMS_TABLE"])
SECRET = os.environ["SECRET"].encode()


@endpoint(to_problem=to_problem)
def list_items(query: ListQuery, deadline: float) -> ItemList:
    """List a page of items, with a cursor to the next page."""
    after = None if query.cursor is None else read_cursor(query.cursor, SECRET)
    items, has_more = STORE.list(query.limit, after, deadline)
    return ItemList(items=items, cursor=make_cursor(items[-1].id, SECRET) if has_more else None)
