"""Orders on the local cloud: how many come through the pipeline, how soon, and whether all do."""

import json
import statistics
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from http.client import HTTPConnection
from itertools import chain
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from dev.cloud import Cloud, any_free_port
from dev.functions import function_environment
from dev.service import API_ID, API_KEY, STAGE
from dev.service_copy import Service
from dev.stream import Stream
from dev.waiting import wait_until

CALLERS = 8
WARM_UP = 20
TIMEOUT_S = 120


@dataclass(frozen=True)
class Result:
    """What became of so many orders, placed by eight callers at once."""

    placed: int
    lost: int
    doubled: int
    posts_ms: list[float]  # How long each POST took.
    waits_ms: list[float]  # From when each was placed to when it was processed.
    seconds: float  # From when the first was placed to when the last was processed.

    def rate(self) -> float:
        """Return the orders through the pipeline per second."""
        return (self.placed - self.lost) / self.seconds


class Caller(threading.local):
    """A connection for each thread."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.connection = HTTPConnection(str(parts.hostname), parts.port)
        self.path = parts.path

    def post(self, path: str, body: Any) -> tuple[Any, float]:
        """Return the answer, and how many milliseconds it took."""
        headers = {"content-type": "application/json", "x-api-key": API_KEY}
        started = time.perf_counter()
        self.connection.request("POST", self.path + path, json.dumps(body), headers)
        response = self.connection.getresponse()
        answer = response.read()
        assert response.status == 201, answer  # noqa: PLR2004
        return json.loads(answer), (time.perf_counter() - started) * 1000


def measure(count: int) -> Result:
    """Deploy to a local cloud, place so many orders, and wait until the last is processed."""
    with (
        Cloud(any_free_port()) as cloud,
        tempfile.TemporaryDirectory() as folder,
        ThreadPoolExecutor(CALLERS) as callers,
    ):
        Service(Path(folder)).run(cloud, "deploy")
        table = function_environment(cloud, "update_cart_status")["ORDERS_TABLE"]
        stream = Stream(cloud, table)
        caller = Caller(cloud.api_url(API_ID, STAGE))
        item, _ = caller.post("/items", {"name": "Bell", "price": "1.50"})
        lines = [{"item_id": item["id"], "quantity": 1}]

        def place(number: int) -> tuple[str, float]:
            order, took_ms = caller.post(
                "/orders", {"user_id": f"user-{number}", "order_items": lines}
            )
            return order["order_id"], took_ms

        def place_all(count: int) -> tuple[dict[str, float], list[Any]]:
            changes: list[Any] = []
            iterator = stream.end()

            def are_processed() -> bool:
                nonlocal iterator
                records, iterator = stream.read(iterator)
                changes.extend(record for record in records if record["eventName"] == "MODIFY")
                return len(changes) >= count

            posts = dict(callers.map(place, range(count)))
            with suppress(TimeoutError):  # The result counts missing orders as lost.
                wait_until(are_processed, lambda: len(changes), timeout_s=TIMEOUT_S)
            return posts, changes

        place_all(WARM_UP)
        posts, changes = place_all(count)
    images = [change["dynamodb"]["NewImage"] for change in changes]
    times = [(_ms(image["order_date"]), _ms(image["processed_at"])) for image in images]
    return Result(
        placed=count,
        lost=len(posts.keys() - {image["order_id"]["S"] for image in images}),
        doubled=len(images) - len({image["order_id"]["S"] for image in images}),
        posts_ms=list(posts.values()),
        waits_ms=[processed - placed for placed, processed in times],
        seconds=(max(chain.from_iterable(times)) - min(chain.from_iterable(times))) / 1000,
    )


def table(result: Result) -> str:
    """Return the result for people."""
    post_ms = statistics.median(result.posts_ms)
    rows = [
        f"| {result.placed} orders, placed by {CALLERS} at once | x one POST | p50 | p99 |",
        "|---|---:|---:|---:|",
        _row("`POST /orders`", result.posts_ms, post_ms),
        _row("from placed to processed", result.waits_ms, post_ms),
    ]
    sentence = (
        f"That is {result.rate():.0f} orders a second through the pipeline, "
        f"{result.lost} lost and {result.doubled} processed twice."
    )
    return "\n".join([*rows, "", sentence])


def _row(name: str, times_ms: list[float], unit_ms: float) -> str:
    p50, p99 = statistics.median(times_ms), statistics.quantiles(times_ms, n=100)[98]
    return f"| {name} | {p50 / unit_ms:.2f} | {p50:.0f} ms | {p99:.0f} ms |"


def _ms(value: dict[str, str]) -> float:
    return datetime.fromisoformat(value["S"]).timestamp() * 1000
