"""Holds the corpus against released versions of pydantic, from the oldest that compiles on.

    export PYTHONPATH=plugins/bundle:plugins/bundle/tests
    python -m against_pydantic.versions [--examples 3] [--newest] [VERSION …]

Each version is installed into a folder of its own below .cache/pydantic. `--newest` takes the
newest of each minor version. Prints a table; the status is 1 if a case differs from pydantic.
"""

import argparse
import collections
import json
import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from against_pydantic.cases import TESTS
from against_pydantic.result import Result

FLOOR = (2, 11)
FOLDER = Path(".cache/pydantic")
# What the corpus imports besides.
OTHERS = ("pydantic-settings", "email-validator")


@dataclass
class Run:
    """The results with one version, or why there are none."""

    version: str
    results: list[Result] = field(default_factory=list)
    problem: str = ""

    @property
    def counts(self) -> collections.Counter[str]:
        """How many cases have each outcome."""
        return collections.Counter(result.outcome for result in self.results)


def list_versions() -> list[str]:
    """Return the released versions from the floor on, oldest first, as PyPI has them."""
    command = [sys.executable, "-m", "pip", "index", "versions", "pydantic"]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    found = re.search("^Available versions: (.*)$", run.stdout, re.MULTILINE)
    versions = found[1].split(", ") if found else []
    return sorted((each for each in versions if _key(each) >= FLOOR), key=_key)


def newest_of_each_minor(versions: list[str]) -> list[str]:
    """Return the last patch of each minor version."""
    return list({_key(version)[:2]: version for version in versions}.values())


def install(version: str) -> Path:
    """Install a version of pydantic, and what the corpus imports besides, into a folder."""
    python = f"{sys.version_info[0]}.{sys.version_info[1]}"
    folder = FOLDER.absolute() / f"{version}-python{python}"
    if not folder.exists():
        FOLDER.mkdir(parents=True, exist_ok=True)
        unfinished = tempfile.mkdtemp(dir=FOLDER)
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--target", unfinished]
        subprocess.run([*command, f"pydantic=={version}", *OTHERS], check=True)
        Path(unfinished).rename(folder)
    return folder


def hold(version: str, examples: int, cases: list[str]) -> Run:
    """Hold the corpus against a version."""
    try:
        folder = install(version)
    except subprocess.CalledProcessError as error:
        return Run(version, problem=f"cannot be installed: {error}")
    paths = map(str, (folder, TESTS.parent, TESTS))
    command = [sys.executable, "-m", "against_pydantic", "--examples", str(examples), *cases]
    run = subprocess.run(
        command,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        capture_output=True,
        text=True,
        check=False,
    )
    results = [Result(**json.loads(line)) for line in run.stdout.splitlines()]
    problem = "" if run.returncode == 0 or results else run.stderr[-1000:]
    return Run(version, results, problem)


def _key(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(prog="against_pydantic.versions")
    parser.add_argument("--examples", type=int, default=3, help="inputs for each model")
    parser.add_argument("--newest", action="store_true", help="only the newest of each minor")
    parser.add_argument("--cases", nargs="*", default=[], help="parts of names, such as unions/")
    parser.add_argument("versions", nargs="*", help="all from 2.11 on, if none is named")
    arguments = parser.parse_args()
    versions = arguments.versions or list_versions()
    if arguments.newest:
        versions = newest_of_each_minor(versions)
    differences = 0
    print("| pydantic | compiled | kept | skipped | different |\n|---|---|---|---|---|")
    for version in versions:
        run = hold(version, arguments.examples, arguments.cases)
        counts = [run.counts[name] for name in ("compiled", "kept", "skipped", "different")]
        print(f"| {version} |", " | ".join(map(str, counts)), f"| {run.problem}", flush=True)
        different = [result for result in run.results if result.outcome == "different"]
        for result in different:
            print(result.case, *result.differences, sep="\n", file=sys.stderr)
        differences += len(different) + bool(run.problem)
    sys.exit(differences > 0)


if __name__ == "__main__":
    main()
