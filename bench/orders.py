"""Orders on the local cloud: the pipeline's rate and latency, and whether it loses orders."""

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

from dev.cloud import Cloud
from dev.functions import function_environment
from dev.ports import any_free_port
from dev.service import API_ID, API_KEY, STAGE
from dev.service_copy import ServiceCopy
from dev.stream import Stream
from dev.waiting import wait_until

CALLERS = 8
WARM_UP_ORDERS = 20
TIMEOUT_S = 120


@dataclass(frozen=True)
class Result:
    """The orders that were placed, and what the pipeline did with them."""

    placed: int
    lost: int
    processed_twice: int
    posts_ms: list[float]  # The duration of each POST.
    waits_ms: list[float]  # From placed to processed, for each order.
    seconds: float  # From the first order placed to the last one processed.

    def rate(self) -> float:
        """Return the number of orders processed per second."""
        return (self.placed - self.lost) / self.seconds


class Caller(threading.local):
    """An HTTP client with a connection for each thread."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.connection = HTTPConnection(str(parts.hostname), parts.port)
        self.path = parts.path

    def post(self, path: str, body: Any) -> tuple[Any, float]:
        """Return the response to a POST, and how many milliseconds it took."""
        headers = {"content-type": "application/json", "x-api-key": API_KEY}
        started = time.perf_counter()
        self.connection.request("POST", self.path + path, json.dumps(body), headers)
        response = self.connection.getresponse()
        document = response.read()
        assert response.status == 201, document  # noqa: PLR2004
        return json.loads(document), (time.perf_counter() - started) * 1000


def measure(count: int) -> Result:
    """Deploy to a local cloud, place `count` orders, and wait until all are processed."""
    with (
        Cloud(any_free_port()) as cloud,
        tempfile.TemporaryDirectory() as folder,
        ThreadPoolExecutor(CALLERS) as callers,
    ):
        ServiceCopy(Path(folder)).run(cloud, "deploy")
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

        place_all(WARM_UP_ORDERS)
        posts, changes = place_all(count)
    images = [change["dynamodb"]["NewImage"] for change in changes]
    times = [(_ms(image["order_date"]), _ms(image["processed_at"])) for image in images]
    return Result(
        placed=count,
        lost=len(posts.keys() - {image["order_id"]["S"] for image in images}),
        processed_twice=len(images) - len({image["order_id"]["S"] for image in images}),
        posts_ms=list(posts.values()),
        waits_ms=[processed - placed for placed, processed in times],
        seconds=(max(chain.from_iterable(times)) - min(chain.from_iterable(times))) / 1000,
    )


def table(result: Result) -> str:
    """Return the result as a Markdown table and a sentence."""
    post_ms = statistics.median(result.posts_ms)
    rows = [
        f"| {result.placed} orders, from {CALLERS} clients at once | vs. one POST | p50 | p99 |",
        "|---|---:|---:|---:|",
        _row("`POST /orders`", result.posts_ms, post_ms),
        _row("from placed to processed", result.waits_ms, post_ms),
    ]
    sentence = (
        f"That is {result.rate():.0f} orders a second through the pipeline, "
        f"{result.lost} lost and {result.processed_twice} processed twice."
    )
    return "\n".join([*rows, "", sentence])


def _row(name: str, times_ms: list[float], unit_ms: float) -> str:
    p50, p99 = statistics.median(times_ms), statistics.quantiles(times_ms, n=100)[98]
    return f"| {name} | {p50 / unit_ms:.2f} | {p50:.0f} ms | {p99:.0f} ms |"


def _ms(value: dict[str, str]) -> float:
    return datetime.fromisoformat(value["S"]).timestamp() * 1000
