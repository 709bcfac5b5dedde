"""The claps table: a counter for each viewer of a post, and the post's total in shards.

DynamoDB runs one transaction at a time on an item, for 10 to 20 ms; another one conflicts, and is
retried. So ten shards let a post take 250 to 500 POST requests a second (docs/scale.md has the
simulation). A GET reads every shard, eventually consistent, for half a read unit each; a shard
serves 6000 of those a second. A POST reads consistently, for twice the price, so that its response
includes its own claps.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws.dynamodb import ConditionFailed, TransactionCanceled, marshal, unmarshal
from claps.payload import CLAPS_MAX
from invocation.digests import hmac_sha256, sha256

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

    from aws.dynamodb import DynamoDB

SHARDS = 10  # May be raised at any time. Lowering it would lose the claps in the removed shards.
KEY_KEPT_S = 30 * 24 * 3600  # How long an idempotency key is remembered.


class Counts:
    """The claps of a post, and those of one viewer."""

    def __init__(self, post: int, viewer: int) -> None:
        self.post = post
        self.viewer = viewer

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Counts) and vars(self) == vars(other)

    __hash__ = None  # type: ignore[assignment]


class LimitExceededError(Exception):
    """Raised when claps would exceed the viewer's limit; `viewer` is how many they have given."""

    def __init__(self, viewer: int) -> None:
        super().__init__(viewer)
        self.viewer = viewer


class KeyReusedError(Exception):
    """Raised when an idempotency key was used for another request before."""


class ClapStore:
    """The claps. Viewers and idempotency keys are stored only as hashes keyed by `secret`.

    A call whose response was lost is retried. Claps are a transaction with a token: if an earlier
    attempt was done, the retry succeeds and counts nothing. If a condition is false, none was done,
    nor can be later: a viewer's claps never decrease, and a key's record stays. A retry that stores
    a response keeps the one that is stored.

    `random_bytes` returns as many random bytes as it is asked for, as `os.urandom` does. Deadlines
    are in seconds of `time.monotonic`.
    """

    def __init__(
        self, dynamodb: DynamoDB, table: str, secret: str, random_bytes: Callable[[int], bytes]
    ) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self._secret = secret.encode()
        self._random_bytes = random_bytes

    def get(
        self, slug: str, viewer: str, deadline: float, *, is_consistent: bool = False
    ) -> Counts:
        """Return the counts of a post, which are 0 for an unknown one.

        An eventually consistent read may miss the claps of the last moments.

        Raises:
            Unavailable: the table did not respond in time.
        """
        counter = self._viewer(slug, viewer)
        keys = [{"pk": key} for key in (counter, *(_shard(slug, each) for each in range(SHARDS)))]
        items = self._dynamodb.batch_get(self._table, keys, deadline, is_consistent=is_consistent)
        claps = {item["pk"]: int(item["claps"]) for item in items}
        viewer_claps = claps.pop(counter, 0)
        return Counts(post=sum(claps.values()), viewer=viewer_claps)

    def applaud(  # noqa: PLR0913
        self, slug: str, claps: int, viewer: str, key: str | None, *, now: float, deadline: float
    ) -> Counts:
        """Count a viewer's claps, once per idempotency key; return the counts after that.

        `now` is in seconds since the epoch. A rejected request does not use up its key.

        Raises:
            LimitExceededError: the viewer would exceed the limit.
            KeyReusedError: the key was used for another slug or number of claps.
            Unavailable: the table did not respond in time.
        """
        counter = self._viewer(slug, viewer)
        shard = _shard(slug, int.from_bytes(self._random_bytes(8)) % SHARDS)
        record_key = key and self._hash("key", key)
        actions = [self._add_under_limit(counter, claps), self._add(shard, slug, claps)]
        if record_key:
            actions.append(self._put_record(record_key, slug, claps, int(now) + KEY_KEPT_S))
        try:
            self._dynamodb.call(
                "TransactWriteItems",
                deadline,
                TransactItems=actions,
                # A retry with the same token is not counted again.
                ClientRequestToken=self._random_bytes(16).hex(),
            )
        except TransactionCanceled as canceled:
            viewer_item, _, *record_items = map(unmarshal, canceled.items)
            record = record_items[0] if record_items else {}
            if not record:
                raise LimitExceededError(int(viewer_item["claps"])) from None
            if (record["slug"], record["claps"]) != (slug, claps):
                raise KeyReusedError from None
            if "post_claps" in record:
                return _counts(record)  # An idempotent replay.
        counts = self.get(slug, viewer, deadline, is_consistent=True)
        return self._store_response(record_key, counts, deadline) if record_key else counts

    def _store_response(self, record_key: str, counts: Counts, deadline: float) -> Counts:
        """Store the counts of a response, unless some are stored; return the stored ones."""
        sets = ["post_claps = if_not_exists(post_claps, :post)"]
        sets += ["viewer_claps = if_not_exists(viewer_claps, :viewer)"]
        try:
            response = self._dynamodb.call(
                "UpdateItem",
                deadline,
                TableName=self._table,
                Key=marshal({"pk": record_key}),
                ConditionExpression="attribute_exists(pk)",
                UpdateExpression=f"SET {', '.join(sets)}",
                ExpressionAttributeValues=marshal({":post": counts.post, ":viewer": counts.viewer}),
                ReturnValues="ALL_NEW",
            )
        except ConditionFailed:
            return counts  # The idempotency record has just expired.
        return _counts(unmarshal(response["Attributes"]))

    def _add_under_limit(self, counter: str, claps: int) -> TransactWriteItemTypeDef:
        return {
            "Update": {
                "TableName": self._table,
                "Key": marshal({"pk": counter}),
                "UpdateExpression": "ADD claps :claps",
                "ConditionExpression": "attribute_not_exists(claps) OR claps <= :most_before",
                "ExpressionAttributeValues": marshal(
                    {":claps": claps, ":most_before": CLAPS_MAX - claps}
                ),
                "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
            }
        }

    def _add(self, shard: str, slug: str, claps: int) -> TransactWriteItemTypeDef:
        return {
            "Update": {
                "TableName": self._table,
                "Key": marshal({"pk": shard}),
                # The slug is for people who read the table.
                "UpdateExpression": "ADD claps :claps SET slug = :slug",
                "ExpressionAttributeValues": marshal({":claps": claps, ":slug": slug}),
            }
        }

    def _put_record(
        self, record_key: str, slug: str, claps: int, expires_at: int
    ) -> TransactWriteItemTypeDef:
        item = {"pk": record_key, "slug": slug, "claps": claps, "expires_at": expires_at}
        return {
            "Put": {
                "TableName": self._table,
                "Item": marshal(item),
                "ConditionExpression": "attribute_not_exists(pk)",
                "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
            }
        }

    def _viewer(self, slug: str, viewer: str) -> str:
        return self._hash("viewer", f"{slug}\0{viewer}")

    def _hash(self, kind: str, text: str) -> str:
        digest = hmac_sha256(self._secret, f"{kind}\0{text}".encode()).hex()
        return f"{kind}#{digest}"


def _shard(slug: str, number: int) -> str:
    # Hashed: a slug may have 2 KiB in UTF-8, which is DynamoDB's limit for a whole key.
    return f"shard#{number}#{sha256(slug.encode()).hex()}"


def _counts(record: dict[str, Any]) -> Counts:
    return Counts(post=int(record["post_claps"]), viewer=int(record["viewer_claps"]))
