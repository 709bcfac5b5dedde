"""Cold starts under AWS's own runtime client: fresh processes, candidates in turn, many rounds."""

import statistics
from dataclasses import dataclass

from bench.candidates import Candidate, take_turns
from bench.events import EVENT
from dev.lambda_runtime import Lambda

OK = 200
WARM_CALLS = 30


@dataclass(frozen=True)
class Start:
    """One cold start, and some calls after it."""

    init_ms: float
    cold_ms: float  # From the start of the process to the first response.
    warm_ms: float  # A call, over the Runtime API.
    memory_mb: float


@dataclass(frozen=True)
class Result:
    """A candidate over all rounds: medians, and of `cold` its ratio to the floor's, pairwise."""

    candidate: Candidate
    init_ms: float
    cold_ms: float
    ratio: float
    warm_ms: float
    memory_mb: float
    zipped_mb: float


def measure(candidates: list[Candidate], rounds: int) -> list[Result]:
    """Measure them in turn, in another order each round; the first one is the floor."""
    for candidate in candidates:
        _start(candidate)  # Unmeasured: afterwards its files are in memory, for all alike.
    starts = take_turns(candidates, rounds, _start)
    floor = starts[candidates[0]]
    return [_summarize(candidate, starts[candidate], floor) for candidate in candidates]


def _start(candidate: Candidate) -> Start:
    with Lambda(candidate.folder, candidate.handler) as function:
        ready = function.wait_until_ready().at
        first = function.invoke(EVENT)
        assert first.document["statusCode"] == OK, first.document
        before = first.at
        warm = []
        for _ in range(WARM_CALLS):
            after = function.invoke(EVENT).at
            warm.append(after - before)
            before = after
        return Start(
            init_ms=(ready - function.started) * 1000,
            cold_ms=(first.at - function.started) * 1000,
            warm_ms=statistics.median(warm) * 1000,
            memory_mb=function.peak_memory_kib() * 1024 / 1e6,
        )


def _summarize(candidate: Candidate, starts: list[Start], floor: list[Start]) -> Result:
    pairs = zip(starts, floor, strict=True)
    return Result(
        candidate=candidate,
        init_ms=statistics.median(start.init_ms for start in starts),
        cold_ms=statistics.median(start.cold_ms for start in starts),
        ratio=statistics.median(start.cold_ms / base.cold_ms for start, base in pairs),
        warm_ms=statistics.median(start.warm_ms for start in starts),
        memory_mb=statistics.median(start.memory_mb for start in starts),
        zipped_mb=candidate.zipped_mb(),
    )
