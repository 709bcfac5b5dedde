"""What is compared: this service's function, its floor, and the same endpoint in its peers."""

import compileall
import os
import py_compile
import random
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from dev.cloud import ROOT
from dev.service_copy import Service
from plugins.bundle.archive import make_zip

PEERS = Path(__file__).parent / "peers"
FOLDER = ROOT / ".cache" / "bench"
VERY_LONG_AGO = (0, 0)

Compared = TypeVar("Compared")
Measured = TypeVar("Measured")


@dataclass(frozen=True)
class Candidate:
    """A packed function: its name in the tables, its folder and its handler."""

    name: str
    folder: Path
    handler: str

    def zipped_mb(self) -> float:
        """Return the size of its zip in megabytes."""
        paths = [path for path in self.folder.rglob("*") if path.is_file()]
        files = {path.relative_to(self.folder).as_posix(): path.read_bytes() for path in paths}
        return len(make_zip(files)) / 1e6


def prepare() -> list[Candidate]:
    """Pack every candidate anew; the first is the floor, the second is ours."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    service, bundle = _package_service()
    return [
        _peer("empty", "empty function", valid=True),
        Candidate("**this service's bundle**", bundle, "handler.lucky_numbers"),
        Candidate(
            "the same code, valid bytecode", _validate(service, "service"), "handler.lucky_numbers"
        ),
        Candidate("the same code, as usually packed", service, "handler.lucky_numbers"),
        _peer("powertools", "Powertools, valid bytecode", valid=True),
        _peer("powertools", "Powertools, as usually packed"),
        _peer("fastapi", "FastAPI + Mangum, valid bytecode", valid=True),
        _peer("fastapi", "FastAPI + Mangum, as usually packed"),
        _peer("chalice", "Chalice + pydantic, valid bytecode", valid=True),
        _peer("chalice", "Chalice + pydantic, as usually packed"),
    ]


def take_turns(
    candidates: list[Compared], rounds: int, measure: Callable[[Compared], Measured]
) -> dict[Compared, list[Measured]]:
    """Return what each candidate measured, round by round, in another order each round."""
    measured: dict[Compared, list[Measured]] = {candidate: [] for candidate in candidates}
    rng = random.Random(1729)
    for number in range(rounds):
        for candidate in rng.sample(candidates, len(candidates)):
            measured[candidate].append(measure(candidate))
        print(f"round {number + 1} of {rounds}", end="\r", flush=True)
    print()
    return measured


def by_hand() -> list[Candidate]:
    """Return the same job in standard-library code without validation, drawn in two ways."""
    return [
        _peer("stdlib", "by hand: standard library, no validation", valid=True),
        _peer("stdlib_same_draw", "by hand, drawing as this service does", valid=True),
    ]


def _package_service() -> tuple[Path, Path]:
    """Return the service as serverless-python-requirements alone packs it, and its bundle."""
    with tempfile.TemporaryDirectory() as folder:
        service = Service(Path(folder))
        subprocess.run(
            ["node_modules/.bin/serverless", "package", "--stage", "local"],
            cwd=service.folder,
            env={**os.environ, "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"},
            capture_output=True,
            check=True,
        )
        packed, bundle = FOLDER / "service", FOLDER / "bundle"
        for archive, target in (("lucky-numbers", packed), ("bundle/lucky_numbers", bundle)):
            with zipfile.ZipFile(service.folder / f".serverless/{archive}.zip") as opened:
                opened.extractall(target)
    compileall.compile_dir(packed, quiet=2)  # As pip does, where it is not told otherwise.
    _make_usual(packed)
    return packed, bundle


def _make_usual(folder: Path) -> None:
    """Give sources another time, as a zip does: bytecode that pip made counts no longer."""
    for path in folder.rglob("*.py"):
        os.utime(path, VERY_LONG_AGO)


def _peer(name: str, title: str, *, valid: bool = False) -> Candidate:
    folder = FOLDER / name
    if not folder.exists():
        shutil.copytree(PEERS / name, folder)
        requirements = folder / "requirements.txt"
        if requirements.exists():
            pip = [sys.executable, "-m", "pip", "install", "--quiet", "--require-hashes"]
            target = ["--target", str(folder), "-r", str(requirements)]
            subprocess.run([*pip, *target], check=True, capture_output=True)
        _make_usual(folder)
    if valid:
        folder = _validate(folder, name)
    return Candidate(title, folder, "app.handler")


def _validate(packed: Path, name: str) -> Path:
    """Return a copy whose bytecode counts."""
    folder = FOLDER / f"{name}-valid"
    if not folder.exists():
        shutil.copytree(packed, folder)
        mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
        compileall.compile_dir(folder, quiet=2, force=True, invalidation_mode=mode)
    return folder
