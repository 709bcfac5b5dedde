"""The items table, written to by the real store over a faulty wire: a retry is no second write."""

from random import Random

import pytest

from aws.client import Unavailable
from aws.dynamodb import DynamoDB
from dev.cloud import Cloud
from gateway import EntityTags
from items.ids import RANDOM_BITS, make_id
from items.payload import NewItem
from items.store import ItemStore, StaleVersionError, UnknownItemError
from tests.support.cloud import function_environment
from tests.support.wire import FAULTS, Wire, later

RNG = Random(__name__)
BELL, DRUM = NewItem(name="Bell", price="1.5"), NewItem(name="Drum", price="2")
FIRST, SECOND = EntityTags('"1"'), EntityTags('"2"')
FAULTY = pytest.mark.parametrize("faults", [[fault] * 2 for fault in FAULTS])


@pytest.fixture(scope="module")
def store(cloud: Cloud, api_url: str, dynamodb: DynamoDB) -> ItemStore:
    """Return the store of the deployed table, over the wire."""
    assert api_url
    return ItemStore(dynamodb, function_environment(cloud, "read_item")["ITEMS_TABLE"])


@pytest.fixture
def item_id() -> str:
    """Return an id that no item has yet."""
    return make_id(1_800_000_000.0, RNG.getrandbits(RANDOM_BITS))


def nonce() -> str:
    """Return what marks a write."""
    return f"{RNG.getrandbits(128):x}"


@FAULTY
def test_an_item_is_created_once_whatever_the_wire_does(
    store: ItemStore, wire: Wire, item_id: str, faults: list[str]
) -> None:
    wire.meet(faults)
    assert store.create(item_id, BELL, later()) == store.read(item_id, later())


@FAULTY
def test_an_item_is_replaced_once_whatever_the_wire_does(
    store: ItemStore, wire: Wire, item_id: str, faults: list[str]
) -> None:
    store.create(item_id, BELL, later())
    wire.meet(faults)
    item = store.replace(item_id, DRUM, FIRST, nonce(), later())
    assert item == store.read(item_id, later())
    assert (item.name, item.version) == ("Drum", 2)


@FAULTY
def test_an_item_is_replaced_once_even_where_any_version_would_do(
    store: ItemStore, wire: Wire, item_id: str, faults: list[str]
) -> None:
    store.create(item_id, BELL, later())
    wire.meet(faults)
    assert store.replace(item_id, DRUM, EntityTags("*"), nonce(), later()).version == 2


@FAULTY
def test_an_item_is_deleted_once_whatever_the_wire_does(
    store: ItemStore, wire: Wire, item_id: str, faults: list[str]
) -> None:
    store.create(item_id, BELL, later())
    wire.meet(faults)
    store.delete(item_id, None, later())
    with pytest.raises(UnknownItemError):
        store.read(item_id, later())


def test_a_retry_does_not_hide_that_another_writer_was_first(
    store: ItemStore, wire: Wire, item_id: str
) -> None:
    store.create(item_id, BELL, later())
    store.replace(item_id, DRUM, FIRST, nonce(), later())
    wire.meet(["lost"])
    with pytest.raises(StaleVersionError):
        store.replace(item_id, BELL, FIRST, nonce(), later())
    wire.meet(["lost"])
    with pytest.raises(StaleVersionError):
        store.delete(item_id, FIRST, later())
    store.delete(item_id, SECOND, later())


@pytest.mark.parametrize("fault", ["throttled", "failure", "lost"])
def test_what_does_not_pass_in_time_is_unavailable(
    store: ItemStore, wire: Wire, item_id: str, fault: str
) -> None:
    wire.meet([fault] * 1000)
    with pytest.raises(Unavailable):
        store.create(item_id, BELL, later(2))
    wire.meet([])
    with pytest.raises(UnknownItemError):
        store.read(item_id, later())
