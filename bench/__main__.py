"""`npm run bench`: measures, and writes the tables and the chart that the README shows.

`npm run bench -- --quick` runs everything once and writes nothing: that the harness works.
"""

import argparse
import os
import platform
import re
from importlib.metadata import version
from pathlib import Path

from bench import claps, coldstart, desk, handler, orders
from bench.candidates import Candidate, by_hand, prepare
from bench.chart import draw_bars
from dev.cloud import ROOT

ROUNDS = 30
ORDERS, ORDERS_QUICK = 500, 50
SAVES = 10
README = ROOT / "README.md"
CHART = Path(__file__).parent / "coldstart.svg"


def main() -> None:
    """Measure all, in `--quick` rounds or in full ones."""
    quick = read_options().quick
    rounds = 1 if quick else ROUNDS
    print("Packing the candidates …", flush=True)
    candidates = prepare()
    starts = coldstart.measure(candidates, rounds)
    # In-process, how a candidate is packed makes no difference.
    calls = handler.measure([*by_hand(), candidates[1], *candidates[4::2]], rounds)
    applause = _claps_table(claps.measure(rounds))
    table = f"{_starts_table(starts)}\n\n{_calls_table(calls)}\n\n{_setting(rounds)}"
    saves = _desk_table(desk.measure(1 if quick else SAVES))
    pipeline = orders.table(orders.measure(ORDERS_QUICK if quick else ORDERS))
    print(f"{saves}\n\n{table}\n\n{applause}\n\n{pipeline}")
    if not quick:
        _write("the desk", saves)
        _write("the tables", table)
        _write("the claps", applause)
        _write("the orders", pipeline)
        CHART.write_text(
            draw_bars(
                "Cold start, as a multiple of an empty function's",
                [(each.candidate.name.strip("*"), each.ratio) for each in starts],
            ),
            encoding="utf-8",
        )


def read_options() -> argparse.Namespace:
    """Return the options of the command line."""
    parser = argparse.ArgumentParser(
        prog="npm run bench --", description="Measure, and write the tables and the chart."
    )
    parser.add_argument("--quick", action="store_true", help="measure once and write nothing")
    return parser.parse_args()


def _starts_table(results: list[coldstart.Result]) -> str:
    rows = [
        "| cold start | x floor | init | to first response | warm call | peak memory | zip |",
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
    rows = ["| one call, in its process | x by hand | median |", "|---|---:|---:|"]
    rows += [
        f"| {_plain(each.candidate)} | {each.ratio:.2f} | {each.call_us:.0f} µs |"
        for each in results
    ]
    return "\n".join(rows)


def _claps_table(results: list[claps.Result]) -> str:
    rows = ["| on the local cloud | x plain boto3 | p50 | p99 |", "|---|---:|---:|---:|"]
    rows += [
        f"| {each.name} | {each.ratio:.2f} | {each.p50_ms:.1f} ms | {each.p99_ms:.1f} ms |"
        for each in results
    ]
    return "\n".join(rows)


def _desk_table(results: list[desk.Result]) -> str:
    rows = ["| on the desk | median | slowest |", "|---|---:|---:|"]
    rows += [f"| {each.name} | {each.median_s:.1f} s | {each.max_s:.1f} s |" for each in results]
    return "\n".join(rows)


def _plain(candidate: Candidate) -> str:
    return candidate.name.removesuffix(", valid bytecode")


def _setting(rounds: int) -> str:
    return (
        f"`npm run bench`, medians of {rounds} rounds, ratios pairwise within a round; "
        f"awslambdaric {version('awslambdaric')} on Python {platform.python_version()}, "
        f"{os.cpu_count()} cores, {platform.machine()}. Machines differ and are noisy: the ratios "
        "are what to look at."
    )


def _write(name: str, table: str) -> None:
    text = README.read_text(encoding="utf-8")
    begin, end = f"<!-- npm run bench writes {name} from here -->", "<!-- to here -->"
    text = re.sub(f"(?s){begin}.*?{end}", f"{begin}\n\n{table}\n\n{end}", text)
    README.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
