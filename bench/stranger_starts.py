"""The starts of the services of bench/strangers/, as usually packaged and bundled."""

import shutil
from dataclasses import dataclass

from bench import coldstart
from bench.candidates import FOLDER, Candidate, empty_function
from bench.stranger_events import EVENTS
from bench.stranger_packages import BUNDLED, BUNDLED_WITH_LOOP, USUAL, Packaging, package_strangers

PACKAGINGS = (USUAL, BUNDLED, BUNDLED_WITH_LOOP)
TITLES = {
    "library.api": "FastAPI + Mangum, Serverless Framework",
    "payments.api": "Powertools Logger + pydantic, SAM",
    "payments.settle": "Powertools batch + parser, SAM",
    "shipping.quote": "pydantic, `individually: true`",
    "shipping.label": "pydantic and a data file, `individually: true`",
}


@dataclass(frozen=True)
class Stranger:
    """A function in each of its packagings."""

    title: str
    candidates: dict[Packaging, Candidate]


def table(rounds: int) -> str:
    """Measure, and return a table with a row for each function and packaging."""
    empty, strangers = empty_function(), _prepare()
    every = [each for stranger in strangers for each in stranger.candidates.values()]
    starts = coldstart.measure([empty, *every], rounds)
    rows = [
        "| cold start | vs. usual | vs. empty | to first response | warm call | zip |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for stranger in strangers:
        usual = stranger.candidates[USUAL]
        for packaging, each in stranger.candidates.items():
            start = starts.medians(each)
            rows.append(
                f"| {stranger.title}, {packaging.name} | {starts.ratio(each, usual):.2f}"
                f" | {starts.ratio(each, empty):.2f} | {start.cold_ms:.0f} ms"
                f" | {start.warm_ms:.2f} ms | {each.zipped_mb():.2f} MB |"
            )
    return "\n".join(rows)


def _prepare() -> list[Stranger]:
    packages = {packaging: _package(packaging) for packaging in PACKAGINGS}
    return [
        Stranger(title, {packaging: packages[packaging][name] for packaging in PACKAGINGS})
        for name, title in TITLES.items()
    ]


def _package(packaging: Packaging) -> dict[str, Candidate]:
    folder = FOLDER / "strangers" / packaging.name.replace(" ", "-").replace(",", "")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return {
        name: Candidate(
            f"{name}, {packaging.name}",
            function.folder,
            function.handler,
            environment=function.environment,
            event=EVENTS[name][0],
        )
        for name, function in package_strangers(folder, packaging).items()
    }
