"""The functions that are compared: an empty one, this service's, and its peers."""

import compileall
import json
import os
import py_compile
import random
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from lambda_bundle.archive import make_zip

from bench.events import EVENT, EVENTS
from dev.service import ROOT
from dev.service_copy import ServiceCopy

PEERS = Path(__file__).parent / "peers"
FOLDER = ROOT / ".cache" / "bench"
EPOCH = (0, 0)  # The times of a file's last access and modification.
BUNDLE = "**this service's bundle**"
LOOP = {"AWS_LAMBDA_EXEC_WRAPPER": "/var/task/runtime_loop/wrapper"}
TABLES_AND_QUEUES = {
    "ATTEMPTS_TABLE": "attempts",
    "CLAPS_TABLE": "claps",
    "DEAD_LETTER_QUEUE": "https://sqs.us-east-1.amazonaws.com/000000000000/dead-letters",
    "ITEMS_TABLE": "items",
    "ITEM_KEYS_TABLE": "item-keys",
    "ORDERS_QUEUE": "https://sqs.us-east-1.amazonaws.com/000000000000/orders",
    "ORDERS_TABLE": "orders",
    "SECRET": "secret",
    "VIEWER_HEADER": "",
}

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, eq=False)
class Candidate:
    """A packaged function, with its environment variables and its event.

    `name` is its name in the tables. `is_called` says whether its calls are measured, too, not only
    its start.
    """

    name: str
    folder: Path
    handler: str
    is_called: bool = False
    environment: dict[str, str] = field(default_factory=dict)
    event: Any = field(default_factory=lambda: EVENT)

    def zipped_mb(self) -> float:
        """Return the size of its zip in megabytes."""
        paths = [path for path in self.folder.rglob("*") if path.is_file()]
        files = {path.relative_to(self.folder).as_posix(): path.read_bytes() for path in paths}
        return len(make_zip(files)) / 1e6


@dataclass(frozen=True)
class FunctionPair:
    """A function of this service: run by the loop of its bundle, and by AWS's runtime client."""

    by_loop: Candidate
    by_client: Candidate


def prepare() -> list[Candidate]:
    """Package all candidates. The first is an empty function, the second is this service's."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    service = _package_service()
    bundle = FOLDER / "bundle/lucky_numbers"
    return [
        empty_function(),
        Candidate(BUNDLE, bundle, "handler.lucky_numbers", is_called=True, environment=LOOP),
        Candidate("the same bundle, without its runtime loop", bundle, "handler.lucky_numbers"),
        Candidate(
            "the same code, valid bytecode",
            _with_valid_bytecode(service, "service"),
            "handler.lucky_numbers",
        ),
        Candidate("the same code, as usually packaged", service, "handler.lucky_numbers"),
        _peer("powertools", "Powertools, valid bytecode", valid=True, is_called=True),
        _peer("powertools", "Powertools, as usually packaged"),
        _peer("fastapi", "FastAPI + Mangum, valid bytecode", valid=True, is_called=True),
        _peer("fastapi", "FastAPI + Mangum, as usually packaged"),
        _peer("chalice", "Chalice + pydantic, valid bytecode", valid=True, is_called=True),
        _peer("chalice", "Chalice + pydantic, as usually packaged"),
    ]


def empty_function() -> Candidate:
    """Return the empty function, with which all others are compared."""
    return _peer("empty", "empty function", valid=True)


def prepare_functions(settings: dict[str, str], note: str, *names: str) -> list[FunctionPair]:
    """Return the functions of this service with these names, or all that have an event.

    It needs `prepare`. `settings` are environment variables. The note follows the name.
    """
    request = json.loads((FOLDER / "bundle/request.json").read_text())
    handlers = {function["name"]: function["handler"] for function in request["functions"]}
    environment = {**TABLES_AND_QUEUES, **settings}

    def candidate(name: str, **more: str) -> Candidate:
        return Candidate(
            f"`{name}`{note}",
            FOLDER / "bundle" / name,
            handlers[name],
            environment={**environment, **more},
            event=EVENTS[name],
        )

    return [
        FunctionPair(by_loop=candidate(name, **LOOP), by_client=candidate(name))
        for name in names or [each for each in handlers if each in EVENTS]
    ]


def prepare_boto3(settings: dict[str, str]) -> list[Candidate]:
    """Return the functions in plain boto3, which Lambda's image has."""
    folder = _peer("boto3", "", valid=True).folder
    environment = {**TABLES_AND_QUEUES, **settings}
    return [
        Candidate(
            f"`{name}` in plain boto3",
            folder,
            f"app.{name}",
            environment=environment,
            event=EVENTS[name],
        )
        for name in ("get_item", "applaud")
    ]


def measure_in_turn(
    candidates: list[T], rounds: int, measure: Callable[[T], R]
) -> dict[T, list[R]]:
    """Measure each candidate once a round, in random order, and return the results by candidate."""
    measured: dict[T, list[R]] = {candidate: [] for candidate in candidates}
    rng = random.Random(1729)
    for number in range(rounds):
        for candidate in rng.sample(candidates, len(candidates)):
            measured[candidate].append(measure(candidate))
        print(f"round {number + 1} of {rounds}", end="\r", flush=True)
    print()
    return measured


def by_hand() -> list[Candidate]:
    """Return the same function in plain Python without validation, in two versions."""
    return [
        _peer("stdlib", "by hand: standard library, no validation", valid=True),
        _peer("stdlib_same_draw", "by hand, drawing as this service does", valid=True),
    ]


def _package_service() -> Path:
    """Return the service as serverless-python-requirements packages it, and make its bundles."""
    with tempfile.TemporaryDirectory() as folder:
        service = ServiceCopy(Path(folder))
        subprocess.run(
            ["node_modules/.bin/serverless", "package", "--stage", "local"],
            cwd=service.folder,
            env={**os.environ, "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"},
            capture_output=True,
            check=True,
        )
        built = service.folder / ".serverless"
        packaged, bundles = FOLDER / "service", FOLDER / "bundle"
        unzip(built / "lucky-numbers.zip", packaged)
        for bundle in (built / "bundle").glob("*.zip"):
            unzip(bundle, bundles / bundle.stem)
        shutil.copy(built / "bundle/request.json", bundles)
    compileall.compile_dir(packaged, quiet=2)  # As pip does by default.
    invalidate_bytecode(packaged)
    return packaged


def unzip(archive: Path, folder: Path) -> None:
    """Extract a zip, with the modes of its files."""
    shutil.unpack_archive(archive, folder)
    with zipfile.ZipFile(archive) as opened:
        for entry in opened.infolist():
            (folder / entry.filename).chmod(entry.external_attr >> 16)


def invalidate_bytecode(folder: Path) -> None:
    """Change the times of sources, as a zip does. Python then ignores the bytecode of pip."""
    for path in folder.rglob("*.py"):
        os.utime(path, EPOCH)


def _peer(name: str, title: str, *, valid: bool = False, is_called: bool = False) -> Candidate:
    """Return a function of bench/peers/, with valid bytecode or as it is usually packaged."""
    folder = FOLDER / name
    if not folder.exists():
        shutil.copytree(PEERS / name, folder)
        requirements = folder / "requirements.txt"
        if requirements.exists():
            pip = [sys.executable, "-m", "pip", "install", "--quiet", "--require-hashes"]
            target = ["--target", str(folder), "-r", str(requirements)]
            subprocess.run([*pip, *target], check=True, capture_output=True)
        invalidate_bytecode(folder)
    if valid:
        folder = _with_valid_bytecode(folder, name)
    return Candidate(title, folder, "app.handler", is_called)


def _with_valid_bytecode(packaged: Path, name: str) -> Path:
    """Return a copy with bytecode that does not depend on the times of sources."""
    folder = FOLDER / f"{name}-valid"
    if not folder.exists():
        shutil.copytree(packaged, folder)
        mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
        compileall.compile_dir(folder, quiet=2, force=True, invalidation_mode=mode)
    return folder
