"""Load on the local cloud: every route, in bursts and for minutes.

The callers share this machine with the cloud, so the times say how the desk does, not AWS.
"""

import json
import statistics
import subprocess
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from dev.cloud import Cloud
from dev.ports import any_free_port
from dev.service import API_ID, API_KEY, STAGE
from dev.service_copy import ServiceCopy

BURST_CALLERS, BURST_REQUESTS = 16, 320  # For each route.
CALLERS = 4  # Of the sustained load.
WARM_UP_SHARE = 0.1  # Of the minutes, before the memory counts.
SAMPLE_S = 5  # Between two looks at the memory.
ITEM = {"name": "Bell", "price": "1.50"}
THROTTLED = 429


class Caller:
    """A caller with a connection of its own, and what it created."""

    def __init__(self, url: str, log: "Log") -> None:
        parts = urlsplit(url)
        self._connection = HTTPConnection(str(parts.hostname), parts.port)
        self._path = parts.path
        self._log = log
        self.items: list[str] = []
        self.order = ""

    def call(
        self, route: str, path: str, body: Any = None, *, status: int = 200, **headers: str
    ) -> dict[str, Any]:
        """Call a route and log that; return the JSON response, or {}."""
        sent = {"x-api-key": API_KEY, **{name.replace("_", "-"): headers[name] for name in headers}}
        text = None if body is None else json.dumps(body)
        started = time.perf_counter()
        self._connection.request(route.partition(" ")[0], self._path + path, text, sent)
        response = self._connection.getresponse()
        content = response.read()
        self._log.add(route, response.status, status, time.perf_counter() - started)
        is_json = response.status == status and content[:1] == b"{"
        return json.loads(content) if is_json else {}


@dataclass
class Log:
    """The durations of the expected responses of each route, in seconds; the others are counted."""

    durations_s: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    throttled: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)

    def add(self, route: str, status: int, expected: int, duration_s: float) -> None:
        """Add a response."""
        if status == expected:
            self.durations_s[route].append(duration_s)
        elif status == THROTTLED:
            self.throttled[route] += 1
        else:
            self.errors[f"{route}: {status}"] += 1

    def percentiles_ms(self, route: str) -> list[float]:
        """Return the 50th, 95th and 99th percentile of a route's durations."""
        cuts = statistics.quantiles(self.durations_s[route], n=100)
        return [cuts[each] * 1000 for each in (49, 94, 98)]


def _create_item(caller: Caller) -> None:
    created = caller.call("POST /items", "/items", ITEM, status=201)
    if created:
        caller.items.append(created["id"])


def _delete_item(caller: Caller) -> None:
    caller.call("DELETE /items/{id}", f"/items/{caller.items.pop()}", status=204)


def _place_order(caller: Caller) -> None:
    lines = [{"item_id": caller.items[-1], "quantity": 1}]
    body = {"user_id": "load", "order_items": lines}
    placed = caller.call("POST /orders", "/orders", body, status=201)
    caller.order = placed.get("order_id", caller.order)


def _replace_item(caller: Caller) -> None:
    path = f"/items/{caller.items[-1]}"
    caller.call("PUT /items/{id}", path, ITEM, if_match="*")


# A call of every route, in an order in which each finds what it needs, and the last cleans up.
CALLS: list[Callable[[Caller], object]] = [
    lambda caller: caller.call("GET /", "/"),
    lambda caller: caller.call("GET /clap-button.js", "/clap-button.js"),
    lambda caller: caller.call("GET /hello", "/hello?first_name=Ada"),
    lambda caller: caller.call(
        "POST /lucky_numbers", "/lucky_numbers", {"name": "Ada", "count": 10}
    ),
    # A new post each time: a viewer may give one only 20 claps.
    lambda caller: caller.call("POST /claps", "/claps", {"slug": str(uuid4()), "claps": 1}),
    lambda caller: caller.call("GET /claps", "/claps?slug=a-post"),
    _create_item,
    lambda caller: caller.call("GET /items/{id}", f"/items/{caller.items[-1]}"),
    _replace_item,
    lambda caller: caller.call("GET /items", "/items"),
    _place_order,
    lambda caller: caller.call("GET /orders/{order_id}", f"/orders/{caller.order}"),
    _delete_item,
]


@dataclass(frozen=True)
class Result:
    """The load and its responses; memory is in MB, after the warm-up and at the end."""

    bursts: Log
    rates: dict[str, float]  # Responses a second of each route, in its burst.
    sustained: Log
    seconds: float  # Of the sustained load.
    functions_mb: tuple[float, float]  # The median process of a function.
    cloud_mb: tuple[float, float]  # The cloud itself, which keeps all tables in memory.


def measure(minutes: float, burst_requests: int) -> Result:
    """Deploy to a local cloud, send a burst to each route, then load all of them for minutes."""
    with Cloud(any_free_port()) as cloud, tempfile.TemporaryDirectory() as folder:
        ServiceCopy(Path(folder)).run(cloud, "deploy")
        url = cloud.api_url(API_ID, STAGE)
        bursts, rates = _send_bursts(url, burst_requests)
        sustained, seconds, memory = _sustain(url, minutes * 60, cloud.pid)
    first, last = _after_warm_up(memory)
    return Result(
        bursts=bursts,
        rates=rates,
        sustained=sustained,
        seconds=seconds,
        functions_mb=(first.function_mb, last.function_mb),
        cloud_mb=(first.cloud_mb, last.cloud_mb),
    )


def table(result: Result) -> str:
    """Return the result as a Markdown table and sentences."""
    rows = [
        f"| route | a burst: a second | p50 | p95 | p99 | {CALLERS} callers: p50 | p95 | p99 |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for route, rate in result.rates.items():
        times = [*result.bursts.percentiles_ms(route), *result.sustained.percentiles_ms(route)]
        cells = " | ".join(f"{each:.0f} ms" for each in times)
        rows.append(f"| `{route}` | {rate:.0f} | {cells} |")
    logs = (result.bursts, result.sustained)
    counts = [sum(map(len, log.durations_s.values())) for log in logs]
    errors = sum((log.errors for log in logs), Counter[str]())
    throttled = sum(log.throttled.total() for log in logs)
    sentences = (
        f"{sum(counts)} requests, of which {counts[1]} in {result.seconds / 60:.1f} minutes by "
        f"{CALLERS} callers ({counts[1] / result.seconds:.0f} a second). Throttled (429): "
        f"{throttled}. Other errors: {dict(errors) or 0}. Memory, after the first tenth of that "
        f"time and at its end: the median process of a function {_from_to(result.functions_mb)}, "
        f"the cloud {_from_to(result.cloud_mb)}."
    )
    return "\n".join([*rows, "", sentences])


def _send_bursts(url: str, count: int) -> tuple[Log, dict[str, float]]:
    """Send `count` requests to each route, from many callers at once; return responses a second."""
    log, rates = Log(), {}
    callers = [Caller(url, log) for _ in range(BURST_CALLERS)]

    def call_often(call: Callable[[Caller], object], caller: Caller) -> None:
        for _ in range(count // BURST_CALLERS):
            call(caller)

    with ThreadPoolExecutor(BURST_CALLERS) as pool:
        for call in CALLS:
            known = set(log.durations_s)
            started = time.perf_counter()
            list(pool.map(call_often, [call] * BURST_CALLERS, callers))
            seconds = time.perf_counter() - started
            for route in log.durations_s.keys() - known:
                rates[route] = len(log.durations_s[route]) / seconds
    return log, rates


@dataclass(frozen=True)
class Memory:
    """The resident memory of the cloud's process, and of the median process of its functions."""

    cloud_mb: float
    function_mb: float


def _sustain(url: str, seconds: float, pid: int) -> tuple[Log, float, list[Memory]]:
    """Have callers use every route in turn for some seconds; return samples of the memory."""
    log, memory = Log(), []
    started = time.perf_counter()

    def visit() -> None:
        caller = Caller(url, log)
        while time.perf_counter() - started < seconds:
            for call in CALLS:
                call(caller)

    with ThreadPoolExecutor(CALLERS) as pool:
        visits = [pool.submit(visit) for _ in range(CALLERS)]
        while not all(each.done() for each in visits):
            memory.append(_read_memory(pid))
            time.sleep(min(SAMPLE_S, seconds / 20))
    for each in visits:
        each.result()
    return log, time.perf_counter() - started, memory


def _read_memory(pid: int) -> Memory:
    listed = subprocess.run(
        ["ps", "-axo", "pid=,ppid=,rss="], capture_output=True, text=True, check=True
    )
    rows = [tuple(map(int, line.split())) for line in listed.stdout.splitlines()]
    kilobytes = {row[0]: row[2] for row in rows}
    functions = [rss for _, parent, rss in rows if parent == pid]
    return Memory(kilobytes[pid] / 1024, statistics.median(functions) / 1024)


def _after_warm_up(memory: list[Memory]) -> tuple[Memory, Memory]:
    return memory[int(len(memory) * WARM_UP_SHARE)], memory[-1]


def _from_to(values: Iterable[float]) -> str:
    return " and ".join(f"{each:.0f} MB" for each in values)
