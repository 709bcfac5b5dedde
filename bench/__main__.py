"""`npm run bench`: measures, and writes the tables and the chart of docs/.

`npm run bench -- --quick` checks that the benchmarks work: it measures once and writes nothing.
"""

import argparse
import os
import platform
from importlib.metadata import version

from bench import claps, coldstart, handler, npm_start, orders
from bench.candidates import Candidate, by_hand, prepare
from bench.chart import draw_bars
from bench.pages import CHART, find_page, find_pages, write_table

ROUNDS = 30
ORDERS, ORDERS_QUICK = 500, 50
SAVES = 10
TABLES = ("cold starts", "claps", "npm start", "orders")


def main() -> None:
    """Measure, print the tables and, without `--quick`, write them."""
    is_quick = read_options().quick
    rounds = 1 if is_quick else ROUNDS
    # Before anything is measured, which takes minutes.
    pages = find_pages()
    for name in TABLES:
        find_page(name, pages)
    print("Packaging the candidates …", flush=True)
    candidates = prepare()
    starts = coldstart.measure(candidates, rounds)
    # Packaging affects only the start, so each function is called in one packaging only.
    called = [each for each in candidates if each.is_called]
    calls = handler.measure([*by_hand(), *called], rounds)
    cold_starts = [_starts_table(starts), _calls_table(calls), _setting(rounds)]
    tables = {
        "cold starts": "\n\n".join(cold_starts),
        "claps": _claps_table(claps.measure(rounds)),
        "npm start": _npm_start_table(npm_start.measure(1 if is_quick else SAVES)),
        "orders": orders.table(orders.measure(ORDERS_QUICK if is_quick else ORDERS)),
    }
    print("\n\n".join(tables.values()))
    if not is_quick:
        for name, table in tables.items():
            write_table(name, table, pages)
        CHART.write_text(_chart(starts), encoding="utf-8")


def read_options() -> argparse.Namespace:
    """Return the options of the command line."""
    parser = argparse.ArgumentParser(
        prog="npm run bench --", description="Measure, and write the tables and the chart."
    )
    parser.add_argument("--quick", action="store_true", help="measure once and write nothing")
    return parser.parse_args()


def _chart(results: list[coldstart.Result]) -> str:
    return draw_bars(
        "Cold start, as a multiple of an empty function's",
        [(each.candidate.name.strip("*"), each.ratio) for each in results],
    )


def _starts_table(results: list[coldstart.Result]) -> str:
    rows = [
        "| cold start | vs. empty | init | to first response | warm call | peak memory | zip |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    rows += [
        f"| {each.candidate.name} | {each.ratio:.2f} | {each.init_ms:.0f} ms"
        f" | {each.cold_ms:.0f} ms | {each.warm_ms:.2f} ms"
        f" | {each.memory_mb:.1f} MB | {each.zipped_mb:.2f} MB |"
        for each in results
    ]
    return "\n".join(rows)


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


if __name__ == "__main__":
    main()
