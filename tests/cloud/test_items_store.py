"""The items store on the deployed table, through a faulty proxy: a retry never writes twice."""

from random import Random

import pytest

from aws.dynamodb import DynamoDB
from aws.errors import Unavailable
from dev.cloud import Cloud
from dev.functions import function_environment
from items.ids import make_id
from items.payload import NewItem
from items.store import ItemStore, StaleVersionError, UnknownItemError
from items.versions import ANY_VERSION, Versions
from tests.support.faulty_proxy import FAULTS, FaultyProxy, later

RNG = Random(__name__)
BELL, DRUM = NewItem(name="Bell", price="1.5"), NewItem(name="Drum", price="2")
FAULTY = pytest.mark.parametrize("faults", [[fault] * 2 for fault in FAULTS])


@pytest.fixture(scope="module")
def store(cloud: Cloud, api_url: str, dynamodb: DynamoDB) -> ItemStore:
    """Return the store of the deployed table, through the faulty proxy."""
    assert api_url
    return ItemStore(dynamodb, function_environment(cloud, "get_item")["ITEMS_TABLE"])


@pytest.fixture
def item_id() -> str:
    """Return an id that no item has yet."""
    return make_id(1_800_000_000.0, RNG.randbytes)


def nonce() -> str:
    """Return what a write is known by."""
    return f"{RNG.getrandbits(128):x}"


@FAULTY
def test_an_item_is_created_once_despite_faults(
    store: ItemStore, faulty_proxy: FaultyProxy, item_id: str, faults: list[str]
) -> None:
    faulty_proxy.inject(faults)
    assert store.create(item_id, BELL, later()) == store.get(item_id, later())


@FAULTY
@pytest.mark.parametrize("versions", [Versions([1]), ANY_VERSION], ids=["one", "any"])
def test_an_item_is_replaced_once_despite_faults(
    store: ItemStore,
    faulty_proxy: FaultyProxy,
    item_id: str,
    versions: Versions,
    faults: list[str],
) -> None:
    store.create(item_id, BELL, later())
    faulty_proxy.inject(faults)
    item = store.replace(item_id, DRUM, versions, nonce=nonce(), deadline=later())
    assert item == store.get(item_id, later())
    assert (item.name, item.version) == ("Drum", 2)


@FAULTY
def test_an_item_is_deleted_once_despite_faults(
    store: ItemStore, faulty_proxy: FaultyProxy, item_id: str, faults: list[str]
) -> None:
    store.create(item_id, BELL, later())
    faulty_proxy.inject(faults)
    store.delete(item_id, ANY_VERSION, later())
    assert store.get(item_id, later()) is None


def test_a_retry_does_not_hide_that_another_writer_was_first(
    store: ItemStore, faulty_proxy: FaultyProxy, item_id: str
) -> None:
    store.create(item_id, BELL, later())
    store.replace(item_id, DRUM, Versions([1]), nonce=nonce(), deadline=later())
    faulty_proxy.inject(["lost"])
    with pytest.raises(StaleVersionError):
        store.replace(item_id, BELL, Versions([1]), nonce=nonce(), deadline=later())
    faulty_proxy.inject(["lost"])
    with pytest.raises(StaleVersionError):
        store.delete(item_id, Versions([1]), later())
    store.delete(item_id, Versions([2]), later())


@FAULTY
@pytest.mark.parametrize(
    "versions",
    [Versions(range(300, 0, -1)), Versions(range(2, 302), are_excluded=True)],
    ids=["many", "all but many"],
)
def test_an_item_is_replaced_once_if_its_version_is_one_of_many(
    store: ItemStore,
    faulty_proxy: FaultyProxy,
    item_id: str,
    versions: Versions,
    faults: list[str],
) -> None:
    store.create(item_id, BELL, later())
    faulty_proxy.inject(faults)
    item = store.replace(item_id, DRUM, versions, nonce=nonce(), deadline=later())
    assert item == store.get(item_id, later())
    assert (item.name, item.version) == ("Drum", 2)


def test_many_items_are_read_at_once_without_those_that_do_not_exist(
    store: ItemStore, faulty_proxy: FaultyProxy
) -> None:
    ids = [make_id(1_800_000_000.0, RNG.randbytes) for _ in range(50)]
    created = {each: store.create(each, BELL, later()) for each in ids[:30]}
    faulty_proxy.inject(["throttled", "unprocessed", "lost", "unprocessed"])
    assert store.get_many(ids, later()) == created


@pytest.mark.parametrize("fault", ["throttled", "failure", "lost"])
def test_a_fault_that_lasts_until_the_deadline_makes_the_table_unavailable(
    store: ItemStore, faulty_proxy: FaultyProxy, item_id: str, fault: str
) -> None:
    faulty_proxy.inject([fault] * 1000)
    with pytest.raises(Unavailable):
        store.create(item_id, BELL, later(2))
    with pytest.raises(Unavailable):
        store.get_many([item_id], later(2))
    faulty_proxy.inject([])
    assert store.get(item_id, later()) is None
    with pytest.raises(UnknownItemError):
        store.delete(item_id, ANY_VERSION, later())
