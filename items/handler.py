"""The functions of one item: create, get, replace and delete it."""

import os
import re
import time
from random import SystemRandom

from aws.dynamodb import DynamoDB
from gateway import EntityTags, Response, endpoint
from gateway.problem import PreconditionRequired
from items.ids import RANDOM_BITS, make_id
from items.payload import Item, ItemPath, NewItem
from items.problems import to_problem
from items.store import OPERANDS_MAX, ItemStore, UnknownItemError

VERSION = re.compile(r"[1-9][0-9]{0,17}")

# Built in the init phase on purpose; see aws/client.py.
STORE = ItemStore(DynamoDB(), os.environ["ITEMS_TABLE"])
RNG = SystemRandom()


@endpoint
def create_item(payload: NewItem, deadline: float) -> Response:
    """Create an item, as version 1."""
    item_id = make_id(time.time(), RNG.getrandbits(RANDOM_BITS))
    item = STORE.create(item_id, payload, deadline)
    return Response(item, status=201, headers={"etag": _etag(item), "location": f"items/{item.id}"})


@endpoint(to_problem=to_problem)
def get_item(path: ItemPath, deadline: float) -> Response:
    """Get an item."""
    item = STORE.get(path.id, deadline)
    if item is None:
        raise UnknownItemError
    return Response(item, headers={"etag": _etag(item)})


@endpoint(to_problem=to_problem)
def replace_item(
    path: ItemPath, payload: NewItem, if_match: EntityTags | None, deadline: float
) -> Response:
    """Replace an item that still has the version that If-Match names."""
    if if_match is None:
        raise PreconditionRequired("Send the version to replace: its ETag in the header If-Match.")
    # By the nonce, a retry recognizes an earlier attempt of the same write.
    nonce = f"{RNG.getrandbits(128):032x}"
    item = STORE.replace(path.id, payload, _versions(if_match), nonce=nonce, deadline=deadline)
    return Response(item, headers={"etag": _etag(item)})


@endpoint(to_problem=to_problem)
def delete_item(path: ItemPath, if_match: EntityTags | None, deadline: float) -> Response:
    """Delete an item: the version that If-Match names, or any without that header."""
    STORE.delete(path.id, None if if_match is None else _versions(if_match), deadline)
    return Response(status=204)


def _etag(item: Item) -> str:
    return f'"{item.version}"'


def _versions(tags: EntityTags) -> list[int] | None:
    """Return the versions that entity tags name, or None for any version."""
    if tags.is_any:
        return None
    # Other tags match no item. DynamoDB compares with no more than OPERANDS_MAX.
    return [int(tag) for tag in tags.strong if VERSION.fullmatch(tag)][:OPERANDS_MAX]
