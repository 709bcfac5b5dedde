"""Claps on the local cloud: over HTTP, with the store, and with plain boto3 code."""

import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPConnection
from itertools import chain
from pathlib import Path
from random import Random
from urllib.parse import urlsplit

import boto3

from aws.dynamodb import DynamoDB
from bench.candidates import measure_in_turn
from claps.store import SHARDS, ClapStore
from dev.cloud import Cloud
from dev.functions import function_environment
from dev.ports import any_free_port
from dev.service import API_ID, STAGE
from dev.service_copy import ServiceCopy

CALLS_A_ROUND = 10
WARM_UP_CALLS = 5
TIMEOUT_S = 5
PLAIN = "plain boto3"
VIEWER = "127.0.0.1"

Call = Callable[[str, str], object]  # Takes the slug of a new post and an idempotency key.


@dataclass(frozen=True)
class Result:
    """The percentiles of a way to make a call, and the ratio of its median to plain boto3's."""

    name: str
    p50_ms: float
    p99_ms: float
    ratio: float


class PlainBoto3:
    """The store's requests to DynamoDB, in plain boto3 code."""

    def __init__(self, table: str) -> None:
        self.client = boto3.client("dynamodb")
        self.table = table

    def applaud(self, slug: str, key: str) -> None:
        """Count a clap once for an idempotency key, and read the counts."""
        add = {"UpdateExpression": "ADD claps :one", "TableName": self.table}
        one = {"ExpressionAttributeValues": {":one": {"N": "1"}}}
        marker = {"pk": {"S": f"key#{key}"}, "claps": {"N": "1"}, "slug": {"S": slug}}
        absent = {"ConditionExpression": "attribute_not_exists(pk)"}
        self.client.transact_write_items(
            TransactItems=[
                {"Put": {"TableName": self.table, "Item": marker, **absent}},
                {"Update": {**add, **one, "Key": {"pk": {"S": f"viewer#{slug}"}}}},
                {"Update": {**add, **one, "Key": {"pk": {"S": f"shard#0#{slug}"}}}},
            ]
        )
        self.read(slug)
        self.client.update_item(
            TableName=self.table,
            Key={"pk": {"S": f"key#{key}"}},
            UpdateExpression="SET post_claps = :one",
            **one,
        )

    def read(self, slug: str) -> None:
        """Read the counts."""
        names = [f"viewer#{slug}", *(f"shard#{number}#{slug}" for number in range(SHARDS))]
        keys = {"Keys": [{"pk": {"S": name}} for name in names], "ConsistentRead": True}
        self.client.batch_get_item(RequestItems={self.table: keys})


class OverHttp:
    """The deployed functions, through API Gateway."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.connection = HTTPConnection(str(parts.hostname), parts.port)
        self.path = parts.path + "/claps"

    def applaud(self, slug: str, key: str) -> None:
        """Send a clap."""
        body = json.dumps({"slug": slug, "claps": 1})
        self._send("POST", self.path, body, {"idempotency-key": key})

    def read(self, slug: str) -> None:
        """Get the counts."""
        self._send("GET", f"{self.path}?slug={slug}")

    def _send(
        self, method: str, path: str, body: str | None = None, headers: dict[str, str] | None = None
    ) -> None:
        self.connection.request(method, path, body, headers or {})
        response = self.connection.getresponse()
        assert response.status == 200, response.read()  # noqa: PLR2004
        response.read()


def measure(rounds: int) -> list[Result]:
    """Deploy to a local cloud, and measure each way to make a call."""
    rng = Random(1729)
    with Cloud(any_free_port()) as cloud, tempfile.TemporaryDirectory() as folder:
        ServiceCopy(Path(folder)).run(cloud, "deploy")
        ways = _ways_to_call(cloud, rng)

        def time_calls(name: str, calls: int = CALLS_A_ROUND) -> list[float]:
            return [_time_call(ways[name], rng) for _ in range(calls)]

        for name in ways:
            time_calls(name, WARM_UP_CALLS)
        turns = measure_in_turn(list(ways), rounds, time_calls)
    times = {name: list(chain.from_iterable(each)) for name, each in turns.items()}
    return [_summarize(name, times) for name in times]


def _ways_to_call(cloud: Cloud, rng: Random) -> dict[str, Call]:
    """Return the ways to make a call by name. A name starts with the method of the call."""
    os.environ |= cloud.settings()  # Both boto3 and `DynamoDB` read them.
    settings = function_environment(cloud, "applaud")
    store = ClapStore(DynamoDB(), settings["CLAPS_TABLE"], settings["SECRET"], rng.randbytes)
    plain = PlainBoto3(settings["CLAPS_TABLE"])
    http = OverHttp(cloud.api_url(API_ID, STAGE))

    def applaud(slug: str, key: str) -> None:
        deadline = time.monotonic() + TIMEOUT_S
        store.applaud(slug, 1, VIEWER, key, now=time.time(), deadline=deadline)

    def read(slug: str, _key: str) -> None:
        store.get(slug, VIEWER, time.monotonic() + TIMEOUT_S)

    return {
        f"POST: {PLAIN}": plain.applaud,
        "POST: `ClapStore.applaud`": applaud,
        "POST over HTTP": http.applaud,
        f"GET: {PLAIN}": lambda slug, _key: plain.read(slug),
        "GET: `ClapStore.get`": read,
        "GET over HTTP": lambda slug, _key: http.read(slug),
    }


def _summarize(name: str, times: dict[str, list[float]]) -> Result:
    method = name.partition(":")[0].partition(" ")[0]
    p50 = statistics.median(times[name])
    return Result(
        name=name,
        p50_ms=p50,
        p99_ms=statistics.quantiles(times[name], n=100)[98],
        ratio=p50 / statistics.median(times[f"{method}: {PLAIN}"]),
    )


def _time_call(call: Call, rng: Random) -> float:
    """Return how long a call takes for a new post and a new key, in milliseconds."""
    slug, key = f"{rng.getrandbits(64):x}", f"{rng.getrandbits(128):x}"
    started = time.perf_counter()
    call(slug, key)
    return (time.perf_counter() - started) * 1000
