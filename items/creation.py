"""The function that creates an item, once per idempotency key."""

import os
import time

from aws.dynamodb import DynamoDB
from gateway import endpoint
from gateway.problem import KeyReused
from items.etags import make_etag
from items.ids import make_id
from items.keys import ItemKeys
from items.payload import CreationHeaders, Item, NewItem
from items.problems import to_problem
from items.store import ItemStore

# Built in the init phase on purpose; see aws/client.py.
STORE = ItemStore(DynamoDB(), os.environ["ITEMS_TABLE"])
KEYS = ItemKeys(STORE, os.environ["ITEM_KEYS_TABLE"])


@endpoint(status=201, etag=make_etag, created="id", problems=(KeyReused,), to_problem=to_problem)
def create_item(
    payload: NewItem, headers: CreationHeaders, caller_id: str, deadline: float
) -> Item:
    """Create an item, as version 1, once per caller and idempotency key."""
    now = time.time()
    item_id = make_id(now, os.urandom)
    if headers.idempotency_key:
        key = headers.idempotency_key
        return KEYS.create_once(caller_id, key, item_id, payload, now=now, deadline=deadline)
    return STORE.create(item_id, payload, deadline)
