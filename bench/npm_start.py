"""`npm start`: from the command to the first response, and from a saved file to its response."""

import os
import signal
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

from dev.cloud import local_api_url
from dev.ports import any_free_port
from dev.service import API_ID, STAGE
from dev.service_copy import ServiceCopy
from dev.waiting import wait_until

TIMEOUT_S = 120
POLL_INTERVAL_S = 0.01


@dataclass(frozen=True)
class Result:
    """How long something took: the median and the slowest of all times."""

    name: str
    median_s: float
    max_s: float


def measure(rounds: int) -> list[Result]:
    """Start a copy of the service, save each file `rounds` times, and start it again as often."""
    with tempfile.TemporaryDirectory() as name:
        folder = ServiceCopy(Path(name)).folder
        handler, nested = _add_nested_package(folder)
        shared = folder / "gateway" / "response.py"
        with _run(folder) as first:
            saved = {
                "`hello/handler.py`": _save(handler, "{WORD}", first.get),
                "a package within `hello/`": _save(nested, "Hello", first.get),
                "`gateway/`, which every HTTP function uses": _save(
                    shared, "charset=utf-8", first.get
                ),
            }
            times = {name: [save(each) for each in range(rounds)] for name, save in saved.items()}
        repeats = []
        for _ in range(rounds):
            with _run(folder) as again:
                repeats.append(again.seconds)
    return [
        _result("first `npm start` after set-up, to its first response", [first.seconds]),
        _result("repeated `npm start`, to its first response", repeats),
        *(
            _result(f"a saved line of {name}, to its response", each)
            for name, each in times.items()
        ),
    ]


def _add_nested_package(folder: Path) -> tuple[Path, Path]:
    """Make `hello` import a word from a new module. Return the paths of both modules."""
    handler = folder / "hello" / "handler.py"
    nested = folder / "hello" / "words" / "greeting.py"
    nested.parent.mkdir()
    (nested.parent / "__init__.py").write_text('"""Words."""\n')
    nested.write_text('WORD = "Hello"\n')
    text = handler.read_text().replace('f"Hello, ', 'f"{WORD}, ')
    handler.write_text(
        text.replace("from hello", "from hello.words.greeting import WORD\nfrom hello", 1)
    )
    return handler, nested


class _Start:
    """A running `npm start`. `seconds` is the time to its first response."""

    def __init__(self, port: int) -> None:
        self.url = f"{local_api_url(port, API_ID, STAGE)}/hello"
        self.seconds = _time_until(lambda: "Hello" in self.get())

    def get(self) -> str:
        """Return the content type and body of `GET /hello`, or "" if it does not succeed."""
        try:
            response = requests.get(self.url, timeout=TIMEOUT_S)
        except requests.ConnectionError:
            return ""
        return f"{response.headers.get('content-type')} {response.text}" if response.ok else ""


@contextmanager
def _run(folder: Path) -> Iterator[_Start]:
    """Run `npm start` in a folder, and stop it at the end."""
    port = any_free_port()
    process = subprocess.Popen(
        ["npm", "start"],
        cwd=folder,
        env={**os.environ, "PORT": str(port)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield _Start(port)
    finally:
        os.killpg(process.pid, signal.SIGINT)
        process.wait(TIMEOUT_S)


def _save(path: Path, text: str, get: Callable[[], str]) -> Callable[[int], float]:
    """Return a function that saves a change to a text, and times how soon it is served."""
    source = path.read_text()

    def save(number: int) -> float:
        # Unique, because earlier changes to other files are served too.
        marker = f"; {path.stem}={number}."
        path.write_text(source.replace(text, text + marker))
        return _time_until(lambda: marker in get())

    return save


def _time_until(condition: Callable[[], bool]) -> float:
    started = time.perf_counter()
    wait_until(
        condition,
        lambda: "npm start did not respond as expected.",
        timeout_s=TIMEOUT_S,
        interval_s=POLL_INTERVAL_S,
    )
    return time.perf_counter() - started


def _result(name: str, times: list[float]) -> Result:
    return Result(name, statistics.median(times), max(times))
