"""One post that many viewers applaud at once: a simulation of its transactions in DynamoDB.

A transaction occupies the post's shard, and DynamoDB rejects another one on that shard meanwhile.
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html

Rejected transactions are retried as aws/client.py does it. The simulation draws from a seeded
generator, so each run has the same result.
"""

import heapq
import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from aws.client import ATTEMPT_S, BACKOFF_MAX_S, BACKOFF_S, CALL_ATTEMPTS_MAX
from claps.store import SHARDS
from invocation.deadline import RESPONSE_S

TRANSACTIONS_S = (0.01, 0.02)  # DynamoDB does not say how long one takes.
RATES = (100, 250, 500, 750, 1000)  # POST requests a second.
REJECTION_S = 0.005
CALLS_S = 5 - RESPONSE_S  # What a function's timeout of 5 s leaves for its calls.
SECONDS = 60
SEED = 1729


@dataclass(frozen=True)
class Result:
    """The requests of one rate: how many were counted, their attempts and their durations."""

    counted: int
    refused: int  # With 503: no time was left for another attempt.
    attempts: float  # The mean of all requests.
    durations_s: list[float]  # Of the counted requests.


def simulate(rate: float, transaction_s: float, shards: int = SHARDS) -> Result:
    """Send `rate` requests a second for a minute, at random times."""
    rng = Random(SEED)
    # Each attempt: its time, the request's number, start and shard, and the attempts before.
    attempts = [
        (start, number, start, rng.randrange(shards), 0)
        for number, start in enumerate(_starts(rate, rng))
    ]
    requests, tried = len(attempts), 0
    free_at = [0.0] * shards  # When each shard's transaction ends.
    durations_s = []
    heapq.heapify(attempts)
    while attempts:
        now, number, start, shard, before = heapq.heappop(attempts)
        tried += 1
        if free_at[shard] <= now:
            free_at[shard] = now + transaction_s
            durations_s.append(now + transaction_s - start)
            continue
        backoff_s = rng.random() * min(BACKOFF_S * 2 ** (before + 1), BACKOFF_MAX_S)
        again = now + REJECTION_S + backoff_s
        if before + 1 < CALL_ATTEMPTS_MAX and again + ATTEMPT_S <= start + CALLS_S:
            heapq.heappush(attempts, (again, number, start, shard, before + 1))
    counted = len(durations_s)
    return Result(counted, requests - counted, tried / requests, durations_s)


def table() -> str:
    """Return the results for each rate as a Markdown table."""
    rows = [
        "| `POST /claps` a second | a transaction takes | attempts | p50 | p99 | 503 |",
        "|---:|---:|---:|---:|---:|---:|",
    ]
    for transaction_s in TRANSACTIONS_S:
        for rate in RATES:
            result = simulate(rate, transaction_s)
            p50 = statistics.median(result.durations_s)
            p99 = statistics.quantiles(result.durations_s, n=100)[98]
            share = result.refused / (result.counted + result.refused)
            rows.append(
                f"| {rate} | {transaction_s * 1000:.0f} ms | {result.attempts:.1f} "
                f"| {p50 * 1000:.0f} ms | {p99 * 1000:.0f} ms | {share:.1%} |"
            )
    return "\n".join(rows)


def _starts(rate: float, rng: Random) -> Iterator[float]:
    now = rng.expovariate(rate)
    while now < SECONDS:
        yield now
        now += rng.expovariate(rate)
