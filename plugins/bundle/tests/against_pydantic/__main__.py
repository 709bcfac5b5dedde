"""Holds the corpus against pydantic, and prints a line of JSON for each case.

    export PYTHONPATH=plugins/bundle:plugins/bundle/tests
    python -m against_pydantic [--examples 10] [CHAPTER/CASE …]

It uses the pydantic that this interpreter imports. The status is 1 if a compiled case does
otherwise than the original.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field

from pydantic import VERSION

from against_pydantic.cases import TESTS, Case, list_cases
from against_pydantic.compare import compare
from against_pydantic.compiled import CorpusCompiler, Kept
from against_pydantic.player import HASH_SEED, Player


@dataclass
class Result:
    """What became of a case: "compiled", "different" or "kept"; "skipped" by an old pydantic."""

    case: str
    outcome: str
    reason: str = ""
    differences: list[str] = field(default_factory=list)
    seconds: float = 0.0


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
        return Result(name, "skipped", "needs pydantic {}.{}".format(*case.needs))
    compiled = compiler.compile(case)
    if isinstance(compiled, Kept):
        return Result(name, "kept", compiled.reason)
    player = Player(compiled)
    try:
        differences = compare(case, player, examples)
    finally:
        player.close()
    outcome = "different" if differences else "compiled"
    return Result(name, outcome, differences=list(map(str, differences)))


def main() -> None:
    """Run what the command line asks for."""
    if os.environ.get("PYTHONHASHSEED") != HASH_SEED["PYTHONHASHSEED"]:
        os.execve(sys.executable, sys.orig_argv, {**os.environ, **HASH_SEED})
    parser = argparse.ArgumentParser(prog="against_pydantic")
    parser.add_argument("--examples", type=int, default=10, help="inputs for each model")
    parser.add_argument("cases", nargs="*", help="parts of names, such as validators/")
    arguments = parser.parse_args()
    outcomes = set()
    for result in hold(arguments.cases, arguments.examples):
        print(json.dumps(asdict(result)), flush=True)
        outcomes.add(result.outcome)
    sys.exit("different" in outcomes)


if __name__ == "__main__":
    main()
