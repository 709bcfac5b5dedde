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

from dev.cloud import any_free_port
from dev.service import API_ID, STAGE
from dev.service_copy import Service
from dev.waiting import wait_until

TIMEOUT_S = 120
POLL_INTERVAL_S = 0.01


@dataclass(frozen=True)
class Result:
    """How long something took."""

    name: str
    median_s: float
    max_s: float


def measure(rounds: int) -> list[Result]:
    """Start a copy of the service, save changes `rounds` times, and start it again as often."""
    with tempfile.TemporaryDirectory() as name:
        folder = Service(Path(name)).folder
        handler = folder / "hello" / "handler.py"
        nested = folder / "hello" / "words" / "greeting.py"
        nested.parent.mkdir()
        (nested.parent / "__init__.py").write_text('"""Words."""\n')
        nested.write_text('WORD = "Hello"\n')
        text = handler.read_text().replace('f"Hello, ', 'f"{WORD}, ')
        handler.write_text(
            text.replace("from hello", "from hello.words.greeting import WORD\nfrom hello", 1)
        )
        shared = folder / "gateway" / "reply.py"

        with _started(folder) as first:
            get = first.get
            saved = {
                "a line of `hello/handler.py`": _save(handler, "{WORD}", get),
                "a line of a package within `hello/`": _save(nested, "Hello", get),
                "a line of `gateway/`, which 12 functions reach": _save(
                    shared, "charset=utf-8", get
                ),
            }
            times = {name: [save(each) for each in range(rounds)] for name, save in saved.items()}
        repeats = []
        for _ in range(rounds):
            with _started(folder) as again:
                repeats.append(again.seconds)
    return [
        Result("first `npm start`, set up already, to its answer", first.seconds, first.seconds),
        _result("repeated `npm start` to its answer", repeats),
        *(_result(f"{name}, saved, to its answer", each) for name, each in times.items()),
    ]


class _Desk:
    """A running `npm start`. `seconds` is the time to its first response."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}/_aws/execute-api/{API_ID}/{STAGE}/hello"
        self.seconds = _time_until(lambda: "Hello" in self.get())

    def get(self) -> str:
        """Return the content type and body of `GET /hello`, or "" if it does not succeed."""
        try:
            response = requests.get(self.url, timeout=TIMEOUT_S)
        except requests.ConnectionError:
            return ""
        return f"{response.headers.get('content-type')} {response.text}" if response.ok else ""


@contextmanager
def _started(folder: Path) -> Iterator[_Desk]:
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
        yield _Desk(port)
    finally:
        os.killpg(process.pid, signal.SIGINT)
        process.wait(TIMEOUT_S)


def _save(path: Path, text: str, get: Callable[[], str]) -> Callable[[int], float]:
    """Return a function that saves a change to a text, and times how soon it is served."""
    source = path.read_text()

    def save(number: int) -> float:
        path.write_text(source.replace(text, f"{text}; n={number}."))
        return _time_until(lambda: f"; n={number}." in get())

    return save


def _time_until(condition: Callable[[], bool]) -> float:
    started = time.perf_counter()
    wait_until(
        condition,
        lambda: "npm start did not serve the change.",
        timeout_s=TIMEOUT_S,
        interval_s=POLL_INTERVAL_S,
    )
    return time.perf_counter() - started


def _result(name: str, times: list[float]) -> Result:
    return Result(name, statistics.median(times), max(times))
