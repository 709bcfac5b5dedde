"""Cold starts in a likeness of Lambda's image, each in a new process."""

import statistics
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from bench.candidates import Candidate, measure_in_turn
from dev.lambda_runtime import Lambda

SUCCESSFUL = range(200, 300)
WARM_CALLS = 30


@dataclass(frozen=True)
class Start:
    """One cold start, and the calls after it."""

    init_ms: float
    cold_ms: float  # From the start of the process to the first response.
    warm_ms: float  # The median time of the calls after it.
    memory_mb: float


class Starts:
    """The starts of candidates, of whom each was started once a round."""

    def __init__(self, starts: dict[Candidate, list[Start]]) -> None:
        self._starts = starts

    def medians(self, candidate: Candidate) -> Start:
        """Return the medians of a candidate."""
        starts = self._starts[candidate]
        return Start(
            init_ms=statistics.median(start.init_ms for start in starts),
            cold_ms=statistics.median(start.cold_ms for start in starts),
            warm_ms=statistics.median(start.warm_ms for start in starts),
            memory_mb=statistics.median(start.memory_mb for start in starts),
        )

    def ratio(self, candidate: Candidate, base: Candidate) -> float:
        """Return the median ratio of two candidates' `cold_ms`, each within a round."""
        pairs = zip(self._starts[candidate], self._starts[base], strict=True)
        return statistics.median(start.cold_ms / other.cold_ms for start, other in pairs)


def measure(candidates: list[Candidate], rounds: int) -> Starts:
    """Measure the candidates."""
    for candidate in candidates:
        _start(candidate)  # Reads its files into the page cache.
    return Starts(measure_in_turn(candidates, rounds, _start))


def _start(candidate: Candidate) -> Start:
    event = candidate.event
    variables: dict[str, Any] = candidate.environment
    with Lambda(candidate.folder, candidate.handler, **variables) as function:
        ready = function.wait_until_ready().at
        first = function.invoke(event)
        _check(first.document)
        times = [first.at, *(function.invoke(event).at for _ in range(WARM_CALLS))]
        warm = [after - before for before, after in pairwise(times)]
        return Start(
            init_ms=(ready - function.started) * 1000,
            cold_ms=(first.at - function.started) * 1000,
            warm_ms=statistics.median(warm) * 1000,
            memory_mb=function.peak_memory_kib() * 1024 / 1e6,
        )


def _check(response: Any) -> None:
    """Check that a function did what it is for, and not only started."""
    if "batchItemFailures" in response:
        assert response == {"batchItemFailures": []}
    else:
        assert response["statusCode"] in SUCCESSFUL, response
