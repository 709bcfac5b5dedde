"""`npm start`: from a clone to a curl that works, and nothing left behind."""

import contextlib
import json
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dev.cloud import HOST, any_free_port, is_free
from tests.support.service import Service
from tests.support.waiting import until
from tests.support.web import call

FORM = "application/x-www-form-urlencoded"  # What `curl -d` says that it sends.


class Start:
    """A running `npm start`, and what it has printed."""

    def __init__(self, folder: Path, printed: Path, port: int | None) -> None:
        self.folder = folder
        self.printed = printed
        environment = {**os.environ, "TMPDIR": str(printed.parent)}
        environment.pop("PORT", None)
        if port:
            environment["PORT"] = str(port)
        with printed.open("wb") as output:
            self.process = subprocess.Popen(
                ["npm", "start"],
                cwd=folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait_for(self, pattern: str) -> re.Match[str]:
        """Return the first match of the pattern in what it prints."""

        def look() -> re.Match[str] | None:
            ended = self.process.poll() is not None
            match = re.search(pattern, self.text())
            assert match or not ended, self.text()
            return match

        return until(look, self.text)

    def text(self) -> str:
        """Return what it has printed."""
        return self.printed.read_text(encoding="utf-8")

    def curl(self) -> str:
        """Return what the printed curl command answers."""
        command = shlex.split(self.wait_for(r"(?m)^ +(curl .*)$")[1])
        if not shutil.which("curl"):  # A bare Debian has none.
            *_, url, _, body = command
            return call(url, data=body, headers={"Content-Type": FORM}).text
        answer = subprocess.run(
            [*command, "--silent", "--show-error"],
            capture_output=True,
            text=True,
            check=True,
        )
        return answer.stdout

    def python(self) -> int:
        """Return the process id of `dev.start`."""
        (pid,) = (pid for pid, arguments in processes(self) if "dev.start" in arguments)
        return pid

    def is_gone(self) -> bool:
        """Whether neither a process of it is left nor a file."""
        left = [path for path in self.printed.parent.iterdir() if path != self.printed]
        return self.process.poll() is not None and not processes(self) and not left


def processes(start: Start) -> list[tuple[int, str]]:
    """Return the id and the arguments of each process that has anything to do with it.

    They share the folder for temporary files, which is in their environment.
    """
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            variables = (path / "environ").read_bytes().split(b"\0")
            folders = [entry for entry in variables if entry.startswith(b"TMPDIR=")]
            if any(entry.startswith(b"TMPDIR=" + bytes(start.printed.parent)) for entry in folders):
                arguments = (path / "cmdline").read_text().replace("\0", " ")
                found.append((int(path.name), arguments))
    return found


@pytest.fixture
def start(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., Start]]:
    """Return what runs `npm start` in a copy of the service; whatever is left of it is killed."""
    started: list[Start] = []
    service = Service(tmp_path)

    def run(port: int | None = None) -> Start:
        printed = tmp_path_factory.mktemp("start") / "printed"
        started.append(Start(service.folder, printed, port))
        return started[-1]

    yield run
    for each in started:
        for pid, _ in processes(each):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        each.process.wait()


def test_the_printed_curl_works_a_change_is_deployed_and_ctrl_c_leaves_nothing(
    start: Callable[..., Start],
) -> None:
    port = any_free_port()
    running = start(port)
    answer = json.loads(running.curl())
    assert answer["message"] == "Hi, 'SILENTBYTE'. Your lucky numbers are:"
    assert running.wait_for(r"POST /lucky_numbers → 200 in [\d.]+ ms")

    handler = running.folder / "handler.py"
    handler.write_text(handler.read_text().replace("Hi, ", "Hello, "))
    running.wait_for(r"Changed: handler\.py\n.*\nDeployed")
    assert json.loads(running.curl())["message"].startswith("Hello, ")

    os.killpg(running.process.pid, signal.SIGINT)  # As the terminal does.
    until(running.is_gone, lambda: processes(running))
    assert is_free(port)


def test_a_deploy_that_fails_says_why_and_is_tried_again_when_mended(
    start: Callable[..., Start], tmp_path: Path
) -> None:
    configuration = tmp_path / "serverless.yml"
    good = configuration.read_text()
    configuration.write_text(good.replace("functions:", "funktions:"))
    running = start(any_free_port())
    running.wait_for(r"(?s)funktions.*mend it")
    configuration.write_text(good)
    assert "message" in running.curl()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_a_signal_to_npm_alone_leaves_nothing(
    start: Callable[..., Start], number: signal.Signals
) -> None:
    running = start(any_free_port())
    running.wait_for("local cloud runs")
    running.process.send_signal(number)
    until(running.is_gone, lambda: processes(running))


def test_being_killed_leaves_nothing_running(start: Callable[..., Start]) -> None:
    port = any_free_port()
    running = start(port)
    running.wait_for("local cloud runs")
    os.kill(running.python(), signal.SIGKILL)
    until(lambda: is_free(port), lambda: processes(running))


def test_a_taken_port_that_was_asked_for_is_told(start: Callable[..., Start]) -> None:
    with socket.create_server((HOST, 0)) as taken:
        port = taken.getsockname()[1]
        running = start(port)
        running.wait_for(f"Port {port} is taken")
        until(running.is_gone, lambda: processes(running))
    assert running.process.returncode != 0


def test_a_taken_default_port_is_passed_over(start: Callable[..., Start]) -> None:
    with contextlib.ExitStack() as stack:
        if is_free(4566):
            stack.enter_context(socket.create_server((HOST, 4566)))
        running = start()
        assert int(running.wait_for(r"Port 4566 is taken.*takes (\d+)")[1]) > 4566
        running.process.send_signal(signal.SIGTERM)
        until(running.is_gone, lambda: processes(running))
