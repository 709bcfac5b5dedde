"""The functions of a single item: create, read, replace and delete one of the catalogue."""

import os
import time
from random import SystemRandom

from aws.dynamodb import DynamoDB
from gateway import EntityTags, Reply, endpoint
from gateway.problem import NotFound, PreconditionFailed, PreconditionRequired
from items.ids import RANDOM_BITS, make_id
from items.payload import Item, ItemPath, NewItem
from items.store import ItemStore, StaleVersionError, UnknownItemError

# Built in the init phase on purpose: Lambda runs that on a whole core, and calls on 0.3 of one.
STORE = ItemStore(DynamoDB(), os.environ["ITEMS_TABLE"])
RNG = SystemRandom()


@endpoint
def create_item(payload: NewItem, deadline: float) -> Reply:
    """Keep a new item, as version 1."""
    item_id = make_id(time.time(), RNG.getrandbits(RANDOM_BITS))
    return _reply(STORE.create(item_id, payload, deadline), status=201)


@endpoint
def read_item(path: ItemPath, deadline: float) -> Reply:
    """Tell an item."""
    try:
        return _reply(STORE.read(path.id, deadline))
    except UnknownItemError:
        raise _not_found() from None


@endpoint
def replace_item(
    path: ItemPath, payload: NewItem, if_match: EntityTags | None, deadline: float
) -> Reply:
    """Replace an item that has not been replaced meanwhile."""
    if if_match is None:
        raise PreconditionRequired("Say which version you replace: If-Match with the item's ETag.")
    written = f"{RNG.getrandbits(128):032x}"
    try:
        return _reply(STORE.replace(path.id, payload, if_match, written, deadline))
    except UnknownItemError:
        raise _not_found() from None
    except StaleVersionError:
        raise _stale() from None


@endpoint
def delete_item(path: ItemPath, if_match: EntityTags | None, deadline: float) -> Reply:
    """Delete an item; only the version that is meant, where one is."""
    try:
        STORE.delete(path.id, if_match, deadline)
    except UnknownItemError:
        raise _not_found() from None
    except StaleVersionError:
        raise _stale() from None
    return Reply(status=204)


def _reply(item: Item, status: int = 200) -> Reply:
    headers = {"etag": f'"{item.version}"'}
    if status == 201:  # noqa: PLR2004
        headers["location"] = f"items/{item.id}"
    return Reply(item, status=status, headers=headers)


def _not_found() -> NotFound:
    return NotFound("There is no such item.")


def _stale() -> PreconditionFailed:
    return PreconditionFailed("The item has another version: read it again.")
