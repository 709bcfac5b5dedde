"""The claps store on the deployed table, through a faulty proxy: nothing is miscounted."""

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

from aws.dynamodb import DynamoDB
from aws.errors import Unavailable
from claps.payload import CLAPS_MAX
from claps.store import ClapStore, Counts, KeyReusedError, LimitExceededError
from dev.clients import aws_client
from dev.cloud import Cloud
from dev.functions import function_environment
from tests.support.faulty_proxy import FAULTS, FaultyProxy, later

NOW = 1_800_000_000.0
VIEWERS = ["192.0.2.1", "192.0.2.2", ""]
SLUGS = ["a", "b/ö", "ß" * 512, "😀" * 512]
CLAPS = st.sampled_from([1, 2, 5, 10, 15, 18, 19, 20])  # Which often add up to exactly the cap.
RNG = Random(__name__)
TRIES = settings(max_examples=settings().max_examples // 4, stateful_step_count=12)


@pytest.fixture(scope="module")
def environment(cloud: Cloud, api_url: str) -> dict[str, str]:
    """Return the environment of the deployed `applaud`."""
    assert api_url
    return function_environment(cloud, "applaud")


@pytest.fixture(scope="module")
def store(dynamodb: DynamoDB, environment: dict[str, str]) -> ClapStore:
    """Return the store of the deployed table, through the faulty proxy."""
    return ClapStore(dynamodb, environment["CLAPS_TABLE"], environment["SECRET"], RNG.randbytes)


@pytest.fixture
def slug() -> str:
    """Return the slug of a post that nobody has seen yet."""
    return f"post-{RNG.getrandbits(64):x}"


def new_key() -> str:
    """Return an idempotency key that is not in use."""
    return f"{RNG.getrandbits(128):032x}"


class Applause(RuleBasedStateMachine):
    """Any interleaving of claps, idempotent replays, reused keys and reads, with faults."""

    store: ClapStore
    faulty_proxy: FaultyProxy

    @initialize()
    def begin(self) -> None:
        """Begin with new posts, and an empty model of them."""
        self.prefix = f"{RNG.getrandbits(64):x}"
        self.claps: dict[tuple[str, str], int] = {}
        self.requests: dict[str, tuple[str, int, Counts]] = {}

    def expected(self, slug: str, viewer: str) -> Counts:
        """Return the counts of the model."""
        total = sum(claps for (post, _), claps in self.claps.items() if post == slug)
        return Counts(post=total, viewer=self.claps.get((slug, viewer), 0))

    def applaud(self, slug: str, claps: int, viewer: str, key: str | None) -> Counts:
        """Applaud a post of this machine."""
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
        self.faulty_proxy.inject(faults)
        if self.expected(slug, viewer).viewer + claps > CLAPS_MAX:
            with pytest.raises(LimitExceededError) as refused:
                self.applaud(slug, claps, viewer, key)
            assert refused.value.viewer == self.expected(slug, viewer).viewer
        else:
            counts = self.applaud(slug, claps, viewer, key)
            self.claps[slug, viewer] = self.claps.get((slug, viewer), 0) + claps
            assert counts == self.expected(slug, viewer)
            if key:
                self.requests[key] = (slug, claps, counts)

    @rule(
        data=st.data(),
        viewer=st.sampled_from(VIEWERS),
        faults=st.lists(st.sampled_from(FAULTS), max_size=3),
    )
    def replay(self, data: st.DataObject, viewer: str, faults: list[str]) -> None:
        """Replay a request, from any address."""
        if self.requests:
            # In order of insertion, so that Hypothesis can reproduce its choice.
            key = data.draw(st.sampled_from(list(self.requests)))
            slug, claps, first = self.requests[key]
            self.faulty_proxy.inject(faults)
            assert self.applaud(slug, claps, viewer, key) == first

    @rule(data=st.data(), slug=st.sampled_from(SLUGS), claps=CLAPS)
    def reuse_key(self, data: st.DataObject, slug: str, claps: int) -> None:
        """Send another request with a used key."""
        if self.requests:
            # In order of insertion, so that Hypothesis can reproduce its choice.
            key = data.draw(st.sampled_from(list(self.requests)))
            if self.requests[key][:2] != (slug, claps):
                with pytest.raises(KeyReusedError):
                    self.applaud(slug, claps, VIEWERS[0], key)

    @rule(
        slug=st.sampled_from(SLUGS),
        viewer=st.sampled_from(VIEWERS),
        faults=st.lists(st.sampled_from(FAULTS), max_size=3),
    )
    def get(self, slug: str, viewer: str, faults: list[str]) -> None:
        """Get a post's counts."""
        self.faulty_proxy.inject(faults)
        own = f"{self.prefix}{slug}"[:512]
        assert self.store.get(own, viewer, later()) == self.expected(slug, viewer)

    @invariant()
    def no_viewer_is_above_the_cap(self) -> None:
        """Check the model, against which the store is checked."""
        assert all(claps <= CLAPS_MAX for claps in self.claps.values())


def test_any_interleaving_counts_every_clap_once(
    store: ClapStore, dynamodb: DynamoDB, faulty_proxy: FaultyProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dynamodb, "_random_bytes", bytes)  # Zeros: no backoff.
    machine = type("Machine", (Applause,), {"store": store, "faulty_proxy": faulty_proxy})
    run_state_machine_as_test(machine, settings=TRIES)
    faulty_proxy.inject([])


@pytest.mark.parametrize("key", [None, "k"])
def test_claps_are_not_counted_again_when_the_response_is_too_late(
    store: ClapStore, faulty_proxy: FaultyProxy, slug: str, key: str | None
) -> None:
    faulty_proxy.inject(["slow"])
    counts = store.applaud(slug, 3, "192.0.2.1", key and new_key(), now=NOW, deadline=later())
    assert counts == store.get(slug, "192.0.2.1", later()) == Counts(3, 3)


@pytest.mark.parametrize("fault", ["conflict", "throttled", "failure", "lost"])
def test_a_fault_that_lasts_until_the_deadline_counts_nothing(
    store: ClapStore, faulty_proxy: FaultyProxy, slug: str, fault: str
) -> None:
    faulty_proxy.inject([fault] * 1000)
    calls = faulty_proxy.calls
    with pytest.raises(Unavailable):
        store.applaud(slug, 3, "192.0.2.1", new_key(), now=NOW, deadline=later(2.5))
    assert 1 < faulty_proxy.calls - calls <= 20
    faulty_proxy.inject([])
    assert store.get(slug, "192.0.2.1", later()) == Counts(0, 0)


def test_no_attempt_begins_that_could_not_end_before_the_deadline(
    store: ClapStore, faulty_proxy: FaultyProxy, slug: str
) -> None:
    faulty_proxy.inject(["throttled"] * 1000)
    calls = faulty_proxy.calls
    with pytest.raises(Unavailable):
        store.get(slug, "192.0.2.1", later(0.5))
    assert faulty_proxy.calls == calls
    faulty_proxy.inject([])


def test_a_replay_stores_the_response_that_a_crash_left_unstored(
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
    """Return the items of a post that have its slug."""
    pages = client.get_paginator("scan").paginate(TableName=table)
    return [
        item for page in pages for item in page["Items"] if item.get("slug", {}).get("S") == slug
    ]


def test_neither_addresses_nor_keys_are_stored(
    store: ClapStore, cloud: Cloud, environment: dict[str, str], slug: str
) -> None:
    store.applaud(slug, 1, "198.51.100.77", "key-to-happiness", now=NOW, deadline=later())
    client, table = aws_client(cloud, "dynamodb"), environment["CLAPS_TABLE"]
    kept = str(list(client.get_paginator("scan").paginate(TableName=table)))
    assert slug in kept
    assert "198.51.100.77" not in kept
    assert "key-to-happiness" not in kept


def test_a_viewer_has_another_hash_at_each_post(
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


def test_a_key_expires_after_thirty_days(
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
