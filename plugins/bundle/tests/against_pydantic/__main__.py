"""Holds the corpus against pydantic, and prints a line of JSON for each case.

    export PYTHONPATH=plugins/bundle:plugins/bundle/tests
    python -m against_pydantic [--examples 10] [--features] [CHAPTER/CASE …]

It uses the pydantic that this interpreter imports. The status is 1 if a compiled case does
otherwise than the original.
"""

import argparse
import contextlib
import json
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict

from pydantic import VERSION

from against_pydantic.cases import TESTS, Case, list_cases
from against_pydantic.compare import compare
from against_pydantic.compiled import CorpusCompiler, Kept
from against_pydantic.features import FEATURES, write_features
from against_pydantic.player import HASH_SEED, Player
from against_pydantic.result import Result


def hold(names: list[str], examples: int) -> Iterator[Result]:
    """Compile each case, and compare it with the original."""
    sys.path.insert(0, str(TESTS))
    with CorpusCompiler() as compiler:
        for case in list_cases():
            name = f"{case.chapter}/{case.name}"
            if not names or any(each in name for each in names):
                start = time.perf_counter()
                result = _hold(case, name, compiler, examples)
                result.seconds = round(time.perf_counter() - start, 2)
                yield result


def _hold(case: Case, name: str, compiler: CorpusCompiler, examples: int) -> Result:
    if case.needs > tuple(map(int, VERSION.split(".")[:2])):
        return Result(name, case.feature, "skipped", "needs pydantic {}.{}".format(*case.needs))
    compiled = compiler.compile(case)
    if isinstance(compiled, Kept):
        return Result(name, case.feature, "kept", compiled.reason)
    player = Player(compiled)
    try:
        differences = compare(case, player, examples)
    finally:
        player.close()
    outcome = "different" if differences else "compiled"
    return Result(name, case.feature, outcome, differences=list(map(str, differences)))


def main() -> None:
    """Run what the command line asks for."""
    if os.environ.get("PYTHONHASHSEED") != HASH_SEED["PYTHONHASHSEED"]:
        os.execve(sys.executable, sys.orig_argv, {**os.environ, **HASH_SEED})
    parser = argparse.ArgumentParser(prog="against_pydantic")
    parser.add_argument("--examples", type=int, default=10, help="inputs for each model")
    parser.add_argument("--features", action="store_true", help=f"write {FEATURES.name}")
    parser.add_argument("cases", nargs="*", help="parts of names, such as validators/")
    arguments = parser.parse_args()
    results, output = [], sys.stdout
    with contextlib.redirect_stdout(sys.stderr):  # What the corpus prints is no result.
        for result in hold(arguments.cases, arguments.examples):
            print(json.dumps(asdict(result)), flush=True, file=output)
            results.append(result)
    if arguments.features:
        FEATURES.write_text(write_features(results), encoding="utf-8")
    sys.exit(any(result.outcome == "different" for result in results))


if __name__ == "__main__":
    main()
