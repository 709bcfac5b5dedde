"""The functions of one item that exists: get, replace and delete it."""

import os

from aws.dynamodb import DynamoDB
from gateway import Preconditions, endpoint
from gateway.problem import NotFound, PreconditionFailed, PreconditionRequired
from items.etags import find_versions, make_etag
from items.payload import Item, ItemPath, NewItem
from items.problems import to_problem
from items.store import ItemStore, UnknownItemError

# Built in the init phase on purpose; see aws/client.py.
STORE = ItemStore(DynamoDB(), os.environ["ITEMS_TABLE"])


@endpoint(etag=make_etag, problems=(NotFound,), to_problem=to_problem)
def get_item(path: ItemPath, deadline: float) -> Item:
    """Get an item."""
    item = STORE.get(path.id, deadline)
    if item is None:
        raise UnknownItemError
    return item


@endpoint(
    etag=make_etag,
    problems=(NotFound, PreconditionFailed, PreconditionRequired),
    to_problem=to_problem,
)
def replace_item(
    preconditions: Preconditions, path: ItemPath, payload: NewItem, deadline: float
) -> Item:
    """Replace an item that still has the version that If-Match names."""
    if preconditions.if_match is None:
        raise PreconditionRequired("Send the version to replace: its ETag in the header If-Match.")
    return STORE.replace(path.id, payload, find_versions(preconditions), deadline)


@endpoint(status=204, problems=(NotFound, PreconditionFailed), to_problem=to_problem)
def delete_item(preconditions: Preconditions, path: ItemPath, deadline: float) -> None:
    """Delete an item, if it has a version for which the preconditions are true."""
    STORE.delete(path.id, find_versions(preconditions), deadline)
