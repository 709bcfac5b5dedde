"""The function of all items: it lists the catalogue, page by page."""

import os

from aws.dynamodb import DynamoDB
from gateway import endpoint
from gateway.problem import BadRequest
from items.cursor import ForgedCursorError, make_cursor, read_cursor
from items.payload import ItemList, Page
from items.store import ItemStore

# Built in the init phase on purpose: Lambda runs that on a whole core, and calls on 0.3 of one.
STORE = ItemStore(DynamoDB(), os.environ["ITEMS_TABLE"])
SECRET = os.environ["SECRET"].encode()


@endpoint
def list_items(query: Page, deadline: float) -> ItemList:
    """Tell a page of items, and a cursor to the next one."""
    try:
        after = None if query.cursor is None else read_cursor(query.cursor, SECRET)
    except ForgedCursorError:
        errors = [{"parameter": "cursor", "detail": "Not a cursor that a page of items had"}]
        raise BadRequest("A parameter is not as it must be.", errors=errors) from None
    items, is_more = STORE.read_page(query.limit, after, deadline)
    return ItemList(items=items, cursor=make_cursor(items[-1].id, SECRET) if is_more else None)
