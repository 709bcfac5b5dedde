"""The claps table, written to by the real store over a faulty wire: nothing is miscounted."""

from random import Random
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from aws.client import Unavailable
from aws.dynamodb import DynamoDB
from claps.payload import CLAPS_MAX
from claps.store import CapPassedError, ClapStore, Counts, KeyReusedError
from dev.clients import aws_client
from dev.cloud import Cloud
from tests.support.cloud import function_environment
from tests.support.wire import FAULTS, Prompt, Wire, later

NOW = 1_800_000_000.0
VIEWERS = ["192.0.2.1", "192.0.2.2", ""]
SLUGS = ["a", "b/ö", "ß" * 512, "😀" * 512]
CLAPS = st.sampled_from([1, 2, 5, 10, 15, 18, 19, 20])  # Which often come to just the cap.
RNG = Random(__name__)
TRIES = settings(max_examples=settings().max_examples // 4, stateful_step_count=12)


@pytest.fixture(scope="module")
def environment(cloud: Cloud, api_url: str) -> dict[str, str]:
    """Return the environment of the deployed `applaud`."""
    assert api_url
    return function_environment(cloud, "applaud")


@pytest.fixture(scope="module")
def store(dynamodb: DynamoDB, environment: dict[str, str]) -> ClapStore:
    """Return the store of the deployed table, over the wire."""
    return ClapStore(dynamodb, environment["CLAPS_TABLE"], environment["SECRET"], RNG)


@pytest.fixture
def slug() -> str:
    """Return the slug of a post that nobody has seen yet."""
    return f"post-{RNG.getrandbits(64):x}"


def new_key() -> str:
    """Return an idempotency key that is not in use."""
    return f"{RNG.getrandbits(128):032x}"


class Applause(RuleBasedStateMachine):
    """Any interleaving of claps, repeats, changed bodies, caps and posts, over a faulty wire."""

    store: ClapStore
    wire: Wire

    @initialize()
    def begin(self) -> None:
        """Begin with posts of its own, and an empty model of them."""
        self.prefix = f"{RNG.getrandbits(64):x}"
        self.claps: dict[tuple[str, str], int] = {}
        self.kept: dict[str, tuple[str, int, Counts]] = {}

    def expected(self, slug: str, viewer: str) -> Counts:
        """Return the counts that the model has."""
        total = sum(claps for (post, _), claps in self.claps.items() if post == slug)
        return Counts(post=total, viewer=self.claps.get((slug, viewer), 0))

    def applaud(self, slug: str, claps: int, viewer: str, key: str | None) -> Counts:
        """Applaud a post of this machine's own."""
        own = f"{self.prefix}{slug}"[:512]
        return self.store.applaud(own, claps, viewer, key, now=NOW, deadline=later())

    @rule(
        slug=st.sampled_from(SLUGS),
        claps=CLAPS,
        viewer=st.sampled_from(VIEWERS),
        has_key=st.booleans(),
        faults=st.lists(st.sampled_from(FAULTS), max_size=3),
    )
    def clap(self, slug: str, claps: int, viewer: str, faults: list[str], *, has_key: bool) -> None:
        """Applaud for the first time under a key, or without one."""
        key = new_key() if has_key else None
        self.wire.meet(faults)
        if self.expected(slug, viewer).viewer + claps > CLAPS_MAX:
            with pytest.raises(CapPassedError) as refused:
                self.applaud(slug, claps, viewer, key)
            assert refused.value.viewer == self.expected(slug, viewer).viewer
        else:
            counts = self.applaud(slug, claps, viewer, key)
            self.claps[slug, viewer] = self.claps.get((slug, viewer), 0) + claps
            assert counts == self.expected(slug, viewer)
            if key:
                self.kept[key] = (slug, claps, counts)

    @rule(
        data=st.data(),
        viewer=st.sampled_from(VIEWERS),
        faults=st.lists(st.sampled_from(FAULTS), max_size=3),
    )
    def repeat(self, data: st.DataObject, viewer: str, faults: list[str]) -> None:
        """Send the same once more, from wherever the viewer has gone meanwhile."""
        if self.kept:
            key = data.draw(st.sampled_from(list(self.kept)))  # By when it was used, to replay.
            slug, claps, first = self.kept[key]
            self.wire.meet(faults)
            assert self.applaud(slug, claps, viewer, key) == first

    @rule(data=st.data(), slug=st.sampled_from(SLUGS), claps=CLAPS)
    def change(self, data: st.DataObject, slug: str, claps: int) -> None:
        """Send something else under a key that is in use."""
        if self.kept:
            key = data.draw(st.sampled_from(list(self.kept)))  # By when it was used, to replay.
            if self.kept[key][:2] != (slug, claps):
                with pytest.raises(KeyReusedError):
                    self.applaud(slug, claps, VIEWERS[0], key)

    @rule(
        slug=st.sampled_from(SLUGS),
        viewer=st.sampled_from(VIEWERS),
        faults=st.lists(st.sampled_from(FAULTS), max_size=3),
    )
    def read(self, slug: str, viewer: str, faults: list[str]) -> None:
        """Read a post's counts."""
        self.wire.meet(faults)
        own = f"{self.prefix}{slug}"[:512]
        assert self.store.read(own, viewer, later()) == self.expected(slug, viewer)

    @invariant()
    def no_viewer_is_above_the_cap(self) -> None:
        """Hold the model to the cap, which the store is held to by the model."""
        assert all(claps <= CLAPS_MAX for claps in self.claps.values())


def test_any_interleaving_counts_what_was_clapped(
    store: ClapStore, dynamodb: DynamoDB, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dynamodb, "_rng", Prompt())
    machine = type("Machine", (Applause,), {"store": store, "wire": wire})
    run_state_machine_as_test(machine, settings=TRIES)
    wire.meet([])


@pytest.mark.parametrize("key", [None, "k"])
def test_an_answer_that_comes_too_late_is_not_counted_again(
    store: ClapStore, wire: Wire, slug: str, key: str | None
) -> None:
    wire.meet(["slow"])
    counts = store.applaud(slug, 3, "192.0.2.1", key and new_key(), now=NOW, deadline=later())
    assert counts == store.read(slug, "192.0.2.1", later()) == Counts(3, 3)


@pytest.mark.parametrize("fault", ["conflict", "throttled", "failure", "lost"])
def test_what_does_not_pass_in_time_is_unavailable_and_counts_nothing(
    store: ClapStore, wire: Wire, slug: str, fault: str
) -> None:
    wire.meet([fault] * 1000)
    calls = wire.calls
    with pytest.raises(Unavailable):
        store.applaud(slug, 3, "192.0.2.1", new_key(), now=NOW, deadline=later(2.5))
    assert 1 < wire.calls - calls <= 20
    wire.meet([])
    assert store.read(slug, "192.0.2.1", later()) == Counts(0, 0)


def test_no_attempt_begins_that_could_not_end_in_time(
    store: ClapStore, wire: Wire, slug: str
) -> None:
    wire.meet(["throttled"] * 1000)
    calls = wire.calls
    with pytest.raises(Unavailable):
        store.read(slug, "192.0.2.1", later(0.5))
    assert wire.calls == calls
    wire.meet([])


def test_a_crash_before_the_answer_was_kept_leaves_the_repeat_to_keep_one(
    store: ClapStore, cloud: Cloud, environment: dict[str, str], slug: str
) -> None:
    key = new_key()
    first = store.applaud(slug, 2, "192.0.2.1", key, now=NOW, deadline=later())
    client, table = aws_client(cloud, "dynamodb"), environment["CLAPS_TABLE"]
    (marker,) = (item for item in items_of(client, table, slug) if "expires_at" in item)
    client.update_item(
        TableName=table,
        Key={"pk": marker["pk"]},
        UpdateExpression="REMOVE post_claps, viewer_claps",
    )
    assert store.applaud(slug, 2, "192.0.2.1", key, now=NOW, deadline=later()) == first
    store.applaud(slug, 5, "192.0.2.2", None, now=NOW, deadline=later())
    assert store.applaud(slug, 2, "192.0.2.1", key, now=NOW, deadline=later()) == first


def items_of(client: Any, table: str, slug: str) -> list[Any]:
    """Return the items that tell their slug, of a post."""
    pages = client.get_paginator("scan").paginate(TableName=table)
    return [
        item for page in pages for item in page["Items"] if item.get("slug", {}).get("S") == slug
    ]


def test_neither_an_address_nor_a_key_is_kept(
    store: ClapStore, cloud: Cloud, environment: dict[str, str], slug: str
) -> None:
    store.applaud(slug, 1, "198.51.100.77", "key-to-happiness", now=NOW, deadline=later())
    client, table = aws_client(cloud, "dynamodb"), environment["CLAPS_TABLE"]
    kept = str(list(client.get_paginator("scan").paginate(TableName=table)))
    assert slug in kept
    assert "198.51.100.77" not in kept
    assert "key-to-happiness" not in kept


def test_a_viewer_is_another_one_at_each_post(
    store: ClapStore, cloud: Cloud, environment: dict[str, str]
) -> None:
    def viewers() -> set[str]:
        pages = client.get_paginator("scan").paginate(TableName=environment["CLAPS_TABLE"])
        keys = {item["pk"]["S"] for page in pages for item in page["Items"]}
        return {key for key in keys if key.startswith("viewer#")}

    client = aws_client(cloud, "dynamodb")
    before = viewers()
    for _ in range(2):
        for slug in ("one-post", "another-post"):
            store.applaud(slug, 1, "198.51.100.78", None, now=NOW, deadline=later())
    assert len(viewers() - before) == 2


def test_a_key_is_forgotten_after_thirty_days(
    store: ClapStore, cloud: Cloud, environment: dict[str, str], template: Any, slug: str
) -> None:
    store.applaud(slug, 1, "192.0.2.1", new_key(), now=NOW, deadline=later())
    items = items_of(aws_client(cloud, "dynamodb"), environment["CLAPS_TABLE"], slug)
    expiry = template["Resources"]["ClapsTable"]["Properties"]["TimeToLiveSpecification"]
    assert expiry["Enabled"]
    name = expiry["AttributeName"]
    expiries = [int(item[name]["N"]) for item in items if name in item]
    assert expiries == [NOW + 30 * 24 * 3600]


def test_a_post_s_claps_are_spread_over_ten_items(
    store: ClapStore, cloud: Cloud, environment: dict[str, str], slug: str
) -> None:
    for number in range(200):
        store.applaud(slug, 1, f"192.0.2.{number}", None, now=NOW, deadline=later())
    items = items_of(aws_client(cloud, "dynamodb"), environment["CLAPS_TABLE"], slug)
    shares = [int(item["claps"]["N"]) for item in items]
    assert len(shares) == 10
    assert sum(shares) == 200
    assert max(shares) < 60
