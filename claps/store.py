"""The claps table: a counter for each viewer of a post, and the post's total in shards.

An item takes one transaction at a time, of some 10 ms: up to 100 a second, and at half of that
every second one meets another and has to try again. Ten shards let one post take 500 applauses a
second. A GET reads all shards, eventually consistent, for half a read unit each: of those each
shard takes 6000 a second. A POST's answer has its own claps in it, for twice the price.
"""

import hashlib
import hmac
from random import Random
from typing import NamedTuple

from aws.dynamodb import ConditionFailed, DynamoDB, Item, TransactionCanceled
from claps.payload import CLAPS_MAX

SHARDS = 10  # More can be added at any time; with fewer, the claps in the others would be lost.
REMEMBERED_S = 30 * 24 * 3600  # How long a repeat is known for one.


class Counts(NamedTuple):
    """The claps of a post, and of one viewer of it."""

    post: int
    viewer: int


class CapPassedError(Exception):
    """Raised when a viewer would pass the cap; holds the claps that they have given."""

    def __init__(self, viewer: int) -> None:
        super().__init__(viewer)
        self.viewer = viewer


class KeyReusedError(Exception):
    """Raised when an idempotency key came with other claps before."""


class ClapStore:
    """What is kept of claps; of addresses and keys that is a hash, keyed by `secret`."""

    def __init__(self, dynamodb: DynamoDB, table: str, secret: str, rng: Random) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self._secret = secret.encode()
        self._rng = rng

    def read(
        self, slug: str, address: str, deadline: float, *, is_consistent: bool = False
    ) -> Counts:
        """Return a post's counts; an unknown post has none.

        Unless they are consistent, the claps of the last moments may be missing.

        Raises:
            Unavailable: the table did not answer in time.
        """
        viewer = self._viewer(slug, address)
        keys = [viewer, *(_shard(slug, number) for number in range(SHARDS))]
        wanted = {"Keys": [{"pk": {"S": key}} for key in keys], "ConsistentRead": is_consistent}
        found = self._dynamodb.batch_get_item(deadline, {self._table: wanted})[self._table]
        claps = {item["pk"]["S"]: int(item["claps"]["N"]) for item in found}
        mine = claps.pop(viewer, 0)
        return Counts(post=sum(claps.values()), viewer=mine)

    def applaud(  # noqa: PLR0913
        self, slug: str, claps: int, address: str, key: str | None, *, now: float, deadline: float
    ) -> Counts:
        """Count a viewer's claps, once a key, and return the counts after that.

        Takes `now` in seconds since the epoch. A refusal counts nothing and is not remembered.

        Raises:
            CapPassedError: the viewer would pass the cap.
            KeyReusedError: the key came with another slug or number of claps before.
            Unavailable: the table did not answer in time.
        """
        viewer = self._viewer(slug, address)
        shard = _shard(slug, self._rng.randrange(SHARDS))
        marker = key and self._hash("key", key)
        actions = [self._add_under_cap(viewer, claps), self._add(shard, slug, claps)]
        if marker:
            actions.append(self._put_marker(marker, slug, claps, int(now) + REMEMBERED_S))
        token = f"{self._rng.getrandbits(128):032x}"
        try:
            self._dynamodb.transact_write_items(deadline, token, actions)
        except TransactionCanceled as canceled:
            of_viewer, _, *of_marker = canceled.reasons
            if not (of_marker and "Item" in of_marker[0]):
                raise CapPassedError(int(of_viewer["Item"]["claps"]["N"])) from None
            first = of_marker[0]["Item"]
            if (first["slug"]["S"], int(first["claps"]["N"])) != (slug, claps):
                raise KeyReusedError from None
            if "post_claps" in first:
                return _counts(first)
        counts = self.read(slug, address, deadline, is_consistent=True)
        return self._settle(marker, counts, deadline) if marker else counts

    def _settle(self, marker: str, counts: Counts, deadline: float) -> Counts:
        """Keep the counts that a key is answered with, unless some are kept; return those."""
        kept = ["post_claps = if_not_exists(post_claps, :post)"]
        kept += ["viewer_claps = if_not_exists(viewer_claps, :viewer)"]
        try:
            marked = self._dynamodb.update_item(
                deadline,
                TableName=self._table,
                Key={"pk": {"S": marker}},
                ConditionExpression="attribute_exists(pk)",
                UpdateExpression=f"SET {', '.join(kept)}",
                ExpressionAttributeValues={
                    ":post": {"N": str(counts.post)},
                    ":viewer": {"N": str(counts.viewer)},
                },
                ReturnValues="ALL_NEW",
            )
        except ConditionFailed:
            return counts  # Its time was up this moment.
        return _counts(marked)

    def _add_under_cap(self, viewer: str, claps: int) -> Item:
        update = {
            "TableName": self._table,
            "Key": {"pk": {"S": viewer}},
            "UpdateExpression": "ADD claps :claps",
            "ConditionExpression": "attribute_not_exists(claps) OR claps <= :room",
            "ExpressionAttributeValues": {
                ":claps": {"N": str(claps)},
                ":room": {"N": str(CLAPS_MAX - claps)},
            },
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        }
        return {"Update": update}

    def _add(self, shard: str, slug: str, claps: int) -> Item:
        update = {
            "TableName": self._table,
            "Key": {"pk": {"S": shard}},
            # The slug is for people who look into the table.
            "UpdateExpression": "ADD claps :claps SET slug = :slug",
            "ExpressionAttributeValues": {":claps": {"N": str(claps)}, ":slug": {"S": slug}},
        }
        return {"Update": update}

    def _put_marker(self, marker: str, slug: str, claps: int, expires_at: int) -> Item:
        put = {
            "TableName": self._table,
            "Item": {
                "pk": {"S": marker},
                "slug": {"S": slug},
                "claps": {"N": str(claps)},
                "expires_at": {"N": str(expires_at)},
            },
            "ConditionExpression": "attribute_not_exists(pk)",
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        }
        return {"Put": put}

    def _viewer(self, slug: str, address: str) -> str:
        return self._hash("viewer", f"{slug}\0{address}")

    def _hash(self, kind: str, text: str) -> str:
        digest = hmac.digest(self._secret, f"{kind}\0{text}".encode(), "sha256").hex()
        return f"{kind}#{digest}"


def _shard(slug: str, number: int) -> str:
    # A slug itself may be 2 KiB of UTF-8, which is all that a key may be.
    return f"shard#{number}#{hashlib.sha256(slug.encode()).hexdigest()}"


def _counts(marker: Item) -> Counts:
    return Counts(post=int(marker["post_claps"]["N"]), viewer=int(marker["viewer_claps"]["N"]))
