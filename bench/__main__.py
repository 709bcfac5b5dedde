"""`npm run bench`: measures, and writes the tables and the chart of docs/.

`npm run bench -- orders load` writes only these. `npm run bench -- --quick` checks that the
benchmarks work: it measures once and writes nothing.
"""

import argparse
import os
import platform
from collections.abc import Callable
from importlib.metadata import version

from bench import (
    claps,
    coldstart,
    costs,
    handler,
    hot_post,
    load,
    npm_start,
    orders,
    stranger_starts,
)
from bench.candidates import (
    Candidate,
    FunctionPair,
    by_hand,
    prepare,
    prepare_boto3,
    prepare_functions,
)
from bench.chart import draw_bars
from bench.coldstart_tables import functions_table, starts_table
from bench.pages import CHART, find_page, find_pages, write_table
from bench.services import Services

ROUNDS = 30
ORDERS, ORDERS_QUICK = 500, 50
SAVES = 10
LOAD_MINUTES, LOAD_MINUTES_QUICK = 10, 0.05

# The places in the pages.
TABLES = (
    "cold starts",
    "functions",
    "claps",
    "npm start",
    "orders",
    "hot post",
    "costs",
    "load",
    "strangers",
)
Tables = dict[str, str]  # What belongs there.


def main() -> None:
    """Measure, print the tables and, without `--quick`, write them."""
    options = read_options()
    pages = find_pages()
    for name in TABLES:  # Before anything is measured, which takes minutes.
        find_page(name, pages)
    for name in options.benchmarks or list(BENCHMARKS):
        tables = BENCHMARKS[name](options.quick)
        print("\n\n".join(tables.values()), flush=True)
        if not options.quick:
            for table in tables:
                write_table(table, tables[table], pages)


def read_options() -> argparse.Namespace:
    """Return the options of the command line."""
    parser = argparse.ArgumentParser(
        prog="npm run bench --", description="Measure, and write the tables and the chart."
    )
    parser.add_argument("benchmarks", nargs="*", help=f"some of {', '.join(BENCHMARKS)}")
    parser.add_argument("--quick", action="store_true", help="measure once and write nothing")
    options = parser.parse_args()
    for unknown in set(options.benchmarks) - BENCHMARKS.keys():
        parser.error(f"there is no benchmark {unknown}; use some of {', '.join(BENCHMARKS)}")
    return options


def _measure_starts(is_quick: bool) -> Tables:  # noqa: FBT001
    """Measure cold starts and calls, and draw the chart."""
    rounds = 1 if is_quick else ROUNDS
    print("Packaging the candidates …", flush=True)
    candidates = prepare()
    with Services() as services:
        functions, boto3 = _functions(services)
        pairs = [each for pair in functions for each in (pair.by_loop, pair.by_client)]
        starts = coldstart.measure([*candidates, *pairs, *boto3], rounds)
    # Packaging affects only the start, so each function is called in one packaging only.
    called = [each for each in candidates if each.is_called]
    calls = handler.measure([*by_hand(), *called], rounds)
    if not is_quick:
        CHART.write_text(_chart(starts, candidates), encoding="utf-8")
    cold_starts = [starts_table(starts, candidates), _calls_table(calls), _setting(rounds)]
    return {
        "cold starts": "\n\n".join(cold_starts),
        "functions": functions_table(starts, candidates[0], functions, boto3),
    }


def _functions(services: Services) -> tuple[list[FunctionPair], list[Candidate]]:
    """Return this service's functions, which call AWS over TLS, and those in plain boto3.

    Two of them call it without TLS, too.
    """
    by_tls = services.settings(is_tls=True)
    plain = services.settings(is_tls=False)
    functions = [
        *prepare_functions(by_tls, ""),
        *prepare_functions(plain, ", without TLS", "get_item", "applaud"),
    ]
    return functions, prepare_boto3(by_tls)


def _chart(starts: coldstart.Starts, candidates: list[Candidate]) -> str:
    return draw_bars(
        "Cold start, as a multiple of an empty function's",
        [(each.name.strip("*"), starts.ratio(each, candidates[0])) for each in candidates],
    )


def _calls_table(results: list[handler.Result]) -> str:
    rows = ["| one call | vs. by hand | median |", "|---|---:|---:|"]
    rows += [
        f"| {_plain(each.candidate)} | {each.ratio:.2f} | {each.call_us:.0f} µs |"
        for each in results
    ]
    return "\n".join(rows)


def _claps_table(results: list[claps.Result]) -> str:
    rows = ["| on the local cloud | vs. plain boto3 | p50 | p99 |", "|---|---:|---:|---:|"]
    rows += [
        f"| {each.name} | {each.ratio:.2f} | {each.p50_ms:.1f} ms | {each.p99_ms:.1f} ms |"
        for each in results
    ]
    return "\n".join(rows)


def _npm_start_table(results: list[npm_start.Result]) -> str:
    rows = ["| `npm start` | median | slowest |", "|---|---:|---:|"]
    rows += [f"| {each.name} | {each.median_s:.1f} s | {each.max_s:.1f} s |" for each in results]
    return "\n".join(rows)


def _plain(candidate: Candidate) -> str:
    return candidate.name.removesuffix(", valid bytecode")


def _setting(rounds: int) -> str:
    return (
        f"Measured by `npm run bench`: medians of {rounds} rounds, with ratios taken within each "
        f"round. awslambdaric {version('awslambdaric')}, Python {platform.python_version()}, "
        f"{os.cpu_count()} cores, {platform.machine()}. Compare the ratios, not the times."
    )


def _measure_orders(is_quick: bool) -> Tables:  # noqa: FBT001
    return {"orders": orders.table(orders.measure(ORDERS_QUICK if is_quick else ORDERS))}


def _measure_load(is_quick: bool) -> Tables:  # noqa: FBT001
    minutes = LOAD_MINUTES_QUICK if is_quick else LOAD_MINUTES
    burst = load.BURST_CALLERS if is_quick else load.BURST_REQUESTS
    return {"load": load.table(load.measure(minutes, burst))}


def _measure_strangers(is_quick: bool) -> Tables:  # noqa: FBT001
    rounds = 1 if is_quick else ROUNDS
    return {"strangers": f"{stranger_starts.table(rounds)}\n\n{_setting(rounds)}"}


# Each measures, once if it is told to be quick, and returns tables.
BENCHMARKS: dict[str, Callable[[bool], Tables]] = {
    "starts": _measure_starts,
    "claps": lambda is_quick: {"claps": _claps_table(claps.measure(1 if is_quick else ROUNDS))},
    "npm-start": lambda is_quick: {
        "npm start": _npm_start_table(npm_start.measure(1 if is_quick else SAVES))
    },
    "orders": _measure_orders,
    "hot-post": lambda _: {"hot post": hot_post.table()},
    "costs": lambda _: {"costs": costs.table()},
    "load": _measure_load,
    "strangers": _measure_strangers,
}


if __name__ == "__main__":
    main()
