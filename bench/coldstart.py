"""Cold starts under AWS's runtime client, each in a new process."""

import statistics
from dataclasses import dataclass
from itertools import pairwise

from bench.candidates import Candidate, measure_in_turn
from bench.events import EVENT
from dev.lambda_runtime import Lambda

OK = 200
WARM_CALLS = 30


@dataclass(frozen=True)
class Start:
    """One cold start, and the calls after it."""

    init_ms: float
    cold_ms: float  # From the start of the process to the first response.
    warm_ms: float  # The median time of the calls after it.
    memory_mb: float


@dataclass(frozen=True)
class Result:
    """A candidate's medians. `ratio` compares `cold_ms` with the empty function's."""

    candidate: Candidate
    init_ms: float
    cold_ms: float
    ratio: float
    warm_ms: float
    memory_mb: float
    zipped_mb: float


def measure(candidates: list[Candidate], rounds: int) -> list[Result]:
    """Measure the candidates, the first of which is the empty function."""
    for candidate in candidates:
        _start(candidate)  # Reads its files into the page cache.
    starts = measure_in_turn(candidates, rounds, _start)
    empty = starts[candidates[0]]
    return [_summarize(candidate, starts[candidate], empty) for candidate in candidates]


def _start(candidate: Candidate) -> Start:
    with Lambda(candidate.folder, candidate.handler) as function:
        ready = function.wait_until_ready().at
        first = function.invoke(EVENT)
        assert first.document["statusCode"] == OK, first.document
        times = [first.at, *(function.invoke(EVENT).at for _ in range(WARM_CALLS))]
        warm = [after - before for before, after in pairwise(times)]
        return Start(
            init_ms=(ready - function.started) * 1000,
            cold_ms=(first.at - function.started) * 1000,
            warm_ms=statistics.median(warm) * 1000,
            memory_mb=function.peak_memory_kib() * 1024 / 1e6,
        )


def _summarize(candidate: Candidate, starts: list[Start], empty: list[Start]) -> Result:
    pairs = zip(starts, empty, strict=True)
    return Result(
        candidate=candidate,
        init_ms=statistics.median(start.init_ms for start in starts),
        cold_ms=statistics.median(start.cold_ms for start in starts),
        ratio=statistics.median(start.cold_ms / base.cold_ms for start, base in pairs),
        warm_ms=statistics.median(start.warm_ms for start in starts),
        memory_mb=statistics.median(start.memory_mb for start in starts),
        zipped_mb=candidate.zipped_mb(),
    )
