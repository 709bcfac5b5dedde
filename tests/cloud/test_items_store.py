"""The items store on the deployed table, through a faulty proxy: a retry never writes twice."""

from functools import partial
from random import Random

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)

from aws.dynamodb import DynamoDB
from aws.errors import Unavailable
from dev.cloud import Cloud
from dev.functions import function_environment
from items.ids import make_id
from items.payload import NewItem
from items.store import ItemStore, StaleVersionError, UnknownItemError
from items.versions import Versions
from tests.support.faulty_proxy import FAULTS, FaultyProxy, later
from tests.support.items import ANY_VERSION

RNG = Random(__name__)
BELL, DRUM = NewItem(name="Bell", price="1.5"), NewItem(name="Drum", price="2")
TRIES = settings(max_examples=settings().max_examples // 2, stateful_step_count=8)
FAULTY = pytest.mark.parametrize("faults", [[fault] * 2 for fault in FAULTS])


@pytest.fixture(scope="module")
def store(cloud: Cloud, api_url: str, dynamodb: DynamoDB) -> ItemStore:
    """Return the store of the deployed table, through the faulty proxy."""
    assert api_url
    return ItemStore(dynamodb, function_environment(cloud, "get_item")["ITEMS_TABLE"])


@pytest.fixture(scope="module")
def undisturbed(cloud: Cloud, undisturbed_dynamodb: DynamoDB) -> ItemStore:
    """Return the store without the faulty proxy."""
    return ItemStore(undisturbed_dynamodb, function_environment(cloud, "get_item")["ITEMS_TABLE"])


@pytest.fixture
def item_id() -> str:
    """Return an id that no item has yet."""
    return make_id(1_800_000_000.0, RNG.randbytes)


@FAULTY
def test_an_item_is_created_once_despite_faults(
    store: ItemStore, faulty_proxy: FaultyProxy, item_id: str, faults: list[str]
) -> None:
    faulty_proxy.inject(faults)
    assert store.create(item_id, BELL, later()) == store.get(item_id, later())


@FAULTY
@pytest.mark.parametrize(
    "versions",
    [
        Versions([1]),
        ANY_VERSION,
        Versions(range(300, 0, -1)),
        Versions(range(2, 302), are_excluded=True),
    ],
    ids=["one", "any", "many", "all but many"],
)
def test_an_item_is_replaced_once_despite_faults(
    store: ItemStore,
    faulty_proxy: FaultyProxy,
    item_id: str,
    versions: Versions,
    faults: list[str],
) -> None:
    store.create(item_id, BELL, later())
    faulty_proxy.inject(faults)
    item = store.replace(item_id, DRUM, versions, later())
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
    store.replace(item_id, DRUM, Versions([1]), later())
    faulty_proxy.inject(["lost"])
    with pytest.raises(StaleVersionError):
        store.replace(item_id, BELL, Versions([1]), later())
    faulty_proxy.inject(["lost"])
    with pytest.raises(StaleVersionError):
        store.delete(item_id, Versions([1]), later())
    store.delete(item_id, Versions([2]), later())


@pytest.mark.parametrize("response_of", ["first attempt", "second attempt"])
def test_a_replacement_that_was_replaced_before_its_retry_is_a_success(
    store: ItemStore,
    faulty_proxy: FaultyProxy,
    undisturbed: ItemStore,
    item_id: str,
    response_of: str,
) -> None:
    store.create(item_id, BELL, later())
    lost = ["cut"] if response_of == "first attempt" else ["lost", "cut"]
    faulty_proxy.inject([*lost, lambda: undisturbed.replace(item_id, BELL, ANY_VERSION, later())])
    assert store.replace(item_id, DRUM, Versions([1]), later()).version == 2
    assert store.get(item_id, later()) == undisturbed.get(item_id, later())


def test_a_new_item_that_was_deleted_before_a_retry_does_not_come_back(
    store: ItemStore, faulty_proxy: FaultyProxy, undisturbed: ItemStore, item_id: str
) -> None:
    faulty_proxy.inject(["cut", lambda: undisturbed.delete(item_id, ANY_VERSION, later())])
    assert store.create(item_id, BELL, later()).version == 1
    assert store.get(item_id, later()) is None


class Writers(RuleBasedStateMachine):
    """Writers of one item, whose calls are lost or late, and what each of them was told.

    Whoever was told of a version wrote it, and every version has been told to somebody.
    """

    store: ItemStore
    undisturbed: ItemStore  # Without faults.
    faulty_proxy: FaultyProxy

    @initialize()
    def begin(self) -> None:
        """Create the item."""
        self.item_id = make_id(1_800_000_000.0, RNG.randbytes)
        self.told = {1: self.undisturbed.create(self.item_id, BELL, later())}
        self.deleters = 0

    def new(self) -> NewItem:
        """Return what nobody else writes."""
        return NewItem(name=f"{RNG.getrandbits(128):x}", price="1")

    def replace(self, store: ItemStore, versions: Versions) -> None:
        """Replace the item."""
        try:
            item = store.replace(self.item_id, self.new(), versions, later())
        except (UnknownItemError, StaleVersionError):
            return
        assert item.version not in self.told
        self.told[item.version] = item

    def delete(self, store: ItemStore, versions: Versions) -> None:
        """Delete the item."""
        try:
            store.delete(self.item_id, versions, later())
        except (UnknownItemError, StaleVersionError):
            return
        self.deleters += 1

    def interfere(self, change: str) -> None:
        """Replace or delete the item without faults, just before an attempt of another writer."""
        writers = {"others replace": self.replace, "others delete": self.delete}
        writers[change](self.undisturbed, ANY_VERSION)

    @rule(
        writer=st.sampled_from(["replace", "replace", "delete"]),
        versions=st.sampled_from(["any", "current", "stale", "next", "not next", "all", "none"]),
        faults=st.lists(
            st.sampled_from([*FAULTS, "late", "late", "others replace", "others delete"]),
            max_size=5,
        ),
    )
    def write(self, writer: str, versions: str, faults: list[str]) -> None:
        """Write to the item despite faults, then deliver what is late."""
        current = max(self.told)
        wanted = {
            "any": ANY_VERSION,
            "current": Versions([current]),
            "stale": Versions([current - 1]),
            "next": Versions([current + 1]),
            "not next": Versions([current + 1], are_excluded=True),
            "all": Versions(range(current + 9)),
            "none": Versions([]),
        }[versions]
        self.faulty_proxy.inject(
            partial(self.interfere, fault) if fault.startswith("others") else fault
            for fault in faults
        )
        if writer == "replace":
            self.replace(self.store, wanted)
        else:
            self.delete(self.store, wanted)
        self.faulty_proxy.inject([])
        self.check()
        self.faulty_proxy.deliver_late()
        self.check()

    def check(self) -> None:
        """Compare the item with what its writers were told."""
        item = self.undisturbed.get(self.item_id, later())
        assert sorted(self.told) == list(range(1, len(self.told) + 1))
        assert self.deleters == (0 if item else 1)
        assert not item or item == self.told[len(self.told)]


def test_every_writer_is_told_what_happened(
    store: ItemStore,
    undisturbed: ItemStore,
    dynamodb: DynamoDB,
    faulty_proxy: FaultyProxy,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(dynamodb, "_random_bytes", bytes)  # Zeros: no backoff.
    attributes = {"store": store, "undisturbed": undisturbed, "faulty_proxy": faulty_proxy}
    run_state_machine_as_test(type("Machine", (Writers,), attributes), settings=TRIES)


@pytest.mark.parametrize("is_consistent", [False, True])
def test_a_page_reads_no_more_than_one_item_after_it(
    store: ItemStore, faulty_proxy: FaultyProxy, *, is_consistent: bool
) -> None:
    for _ in range(8):
        store.create(make_id(1_800_000_000.0, RNG.randbytes), BELL, later())
    calls = faulty_proxy.calls
    items, has_more = store.list(7, None, later(), is_consistent=is_consistent)
    assert (len(items), has_more, faulty_proxy.calls - calls) == (7, True, 1)
    assert faulty_proxy.last_request["Limit"] == 8
    assert faulty_proxy.last_request["ConsistentRead"] is is_consistent


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
    for call in (
        lambda: store.replace(item_id, DRUM, ANY_VERSION, later(2)),
        lambda: store.delete(item_id, ANY_VERSION, later(2)),
        lambda: store.get_many([item_id], later(2)),
    ):
        with pytest.raises(Unavailable):
            call()
    faulty_proxy.inject([])
    assert store.get(item_id, later()) is None
    with pytest.raises(UnknownItemError):
        store.delete(item_id, ANY_VERSION, later())
