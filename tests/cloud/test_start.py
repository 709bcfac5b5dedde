"""`npm start`: it serves every change, and leaves nothing behind when it ends."""

import contextlib
import json
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dev.cloud import HOST, local_api_url
from dev.ports import any_free_port, is_free
from dev.service import API_ID, API_KEY, ROOT, STAGE
from dev.service_copy import ServiceCopy
from dev.waiting import wait_until
from tests.support.web import call

FORM = "application/x-www-form-urlencoded"  # The content type of `curl -d`.


class Start:
    """A running `npm start`, whose output goes to a file."""

    def __init__(self, folder: Path, output: Path, port: int | None, *options: str) -> None:
        self.folder = folder
        self.output = output
        self.port = port
        environment = {**os.environ, "TMPDIR": str(output.parent)}
        environment.pop("PORT", None)
        if port:
            environment["PORT"] = str(port)
        with output.open("wb") as file:
            self.process = subprocess.Popen(
                ["npm", "start", *(["--", *options] if options else [])],
                cwd=folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait_for(self, pattern: str) -> re.Match[str]:
        """Wait until it has printed a text that matches, and return the first match."""

        def look() -> re.Match[str] | None:
            has_exited = self.process.poll() is not None
            match = re.search(pattern, self.text())
            assert match or not has_exited, self.text()
            return match

        return wait_until(look, self.text)

    def text(self) -> str:
        """Return what it has printed."""
        return self.output.read_text(encoding="utf-8")

    def curl(self) -> str:
        """Run the curl command that it printed, and return the response."""
        command = shlex.split(self.wait_for(r"(?m)^ +(curl .*)$")[1])
        if not shutil.which("curl"):  # A bare Debian has none.
            *_, url, _, body = command
            return call(url, data=body, headers={"Content-Type": FORM}).text
        result = subprocess.run(
            [*command, "--silent", "--show-error"],
            capture_output=True,
            text=True,
            check=True,
        )
        return result.stdout

    def api_url(self) -> str:
        """Return the base URL of the service."""
        assert self.port
        return local_api_url(self.port, API_ID, STAGE)

    def kill(self) -> None:
        """Kill it, and wait until its cloud has ended too."""
        os.kill(self.python(), signal.SIGKILL)
        wait_until(lambda: not processes(self), lambda: processes(self))

    def python(self) -> int:
        """Return the process id of `dev.start`."""
        (pid,) = (pid for pid, arguments in processes(self) if "dev.start" in arguments)
        return pid

    def is_gone(self) -> bool:
        """Whether none of its processes and files are left."""
        left = [path for path in self.output.parent.iterdir() if path != self.output]
        return self.process.poll() is not None and not processes(self) and not left


def processes(start: Start) -> list[tuple[int, str]]:
    """Return the id and the arguments of each process that descends from it.

    They are found by TMPDIR in their environment: its own, or a folder inside.
    """
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            variables = (path / "environ").read_bytes().split(b"\0")
            folders = [entry for entry in variables if entry.startswith(b"TMPDIR=")]
            if any(entry.startswith(b"TMPDIR=" + bytes(start.output.parent)) for entry in folders):
                arguments = (path / "cmdline").read_text().replace("\0", " ")
                found.append((int(path.name), arguments))
    return found


@pytest.fixture
def start(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., Start]]:
    """Return a function that runs `npm start` in a copy of the service. Kill it at the end."""
    started: list[Start] = []
    service = ServiceCopy(tmp_path)

    def run(port: int | None = None, *options: str) -> Start:
        output = tmp_path_factory.mktemp("start") / "output"
        started.append(Start(service.folder, output, port, *options))
        return started[-1]

    yield run
    for each in started:
        for pid, _ in processes(each):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        each.process.wait()


def save(path: Path, before: str, after: str) -> None:
    """Change a file as some editors do: by writing another, and renaming that."""
    text = path.read_text(encoding="utf-8")
    assert before in text
    new = path.with_name(f".{path.name}.tmp")
    new.write_text(text.replace(before, after), encoding="utf-8")
    new.rename(path)


def test_a_saved_change_is_served_and_a_mistake_leaves_the_previous_version_up(
    start: Callable[..., Start],
) -> None:
    port = any_free_port()
    running = start(port)
    response = json.loads(running.curl())
    assert response["message"] == "Hi, 'SILENTBYTE'. Your lucky numbers are:"
    running.wait_for(r"POST /lucky_numbers → 200 in [\d.]+ ms")

    # The function's own module, written in place.
    handler = running.folder / "handler.py"
    handler.write_text(handler.read_text().replace("Hi, ", "Hello, "))
    running.wait_for(r"Changed: handler\.py\nUpdated in [\d.]+ s: lucky_numbers\n")
    assert json.loads(running.curl())["message"].startswith("Hello, ")

    # A module of a new package.
    words = running.folder / "lucky_numbers" / "words"
    words.mkdir()
    (words / "__init__.py").write_text("")
    (words / "greeting.py").write_text('GREETING = "Good day, "\n')
    save(
        handler,
        "from os import",
        "from lucky_numbers.words.greeting import GREETING\nfrom os import",
    )
    save(handler, '"Hello, ', '"{GREETING}')
    wait_until(lambda: "Good day" in running.curl(), running.text)
    save(words / "greeting.py", "Good day", "Good night")
    wait_until(lambda: "Good night" in running.curl(), running.text)

    # Mistakes, which are found before a deploy.
    save(handler, "def lucky_numbers(", "def lucky_numbers(:")
    running.wait_for(r"handler\.py, line \d+: .*\nFix it .* the previous version runs")
    assert "Good night" in running.curl()
    save(handler, "def lucky_numbers(:", "def lucky_numbers(body: str, ")
    running.wait_for(r"handler\.py, line \d+: lucky_numbers: unknown parameter body")
    save(handler, "(body: str, ", "(")
    save(handler, "def lucky_numbers", "def unlucky_numbers")
    running.wait_for(r"handler\.py has no handler lucky_numbers.*unlucky_numbers \(line \d+\)")

    # A module that many functions use.
    save(handler, "def unlucky_numbers", "def lucky_numbers")
    save(running.folder / "gateway" / "response.py", "utf-8", "UTF-8")
    running.wait_for(r"Updated .*: hello, .*, get_problem_page\n")

    # A file that no function ships.
    save(running.folder / "README.md", "\n", "\n\n")
    running.wait_for(
        r"Changed: README\.md\nNothing to update: the deployed functions are the same\.\n"
    )

    os.killpg(running.process.pid, signal.SIGINT)  # As Ctrl-C in a terminal does.
    wait_until(running.is_gone, lambda: processes(running))
    assert is_free(port)


def test_state_survives_a_kill_and_a_change_of_port_until_a_fresh_start(
    start: Callable[..., Start],
) -> None:
    ports = [any_free_port() for _ in range(3)]
    first = start(ports[0])
    first.curl()
    check_exports(first)
    # The description must keep the old port. Only the URLs of queues may change.
    bell = {"name": "Bell", "price": "1", "description": f"http://localhost:{ports[0]}/"}
    api_key = {"x-api-key": API_KEY}
    item = call(f"{first.api_url()}/items", json=bell, headers=api_key).json()
    first.kill()

    second = start(ports[1])
    second.wait_for("Reusing what the last npm start deployed")
    second.curl()
    assert call(f"{second.api_url()}/items/{item['id']}", "GET").json() == item
    # The order passes through a queue, whose URL has the port.
    order = {"user_id": "ada", "order_items": [{"item_id": item["id"], "quantity": 1}]}
    placed = call(f"{second.api_url()}/orders", json=order, headers=api_key).headers["location"]

    def is_processed() -> bool:
        found = call(f"{second.api_url()}/{placed}", "GET", headers=api_key).json()
        return bool(found["cart_product_status"] == "PROCESSED")

    wait_until(is_processed, second.text)
    second.process.send_signal(signal.SIGTERM)
    wait_until(second.is_gone, lambda: processes(second))

    third = start(ports[2], "--fresh")
    third.wait_for("Deploying with")
    third.curl()
    assert call(f"{third.api_url()}/items", "GET").json()["items"] == []


def test_a_second_start_of_a_clone_does_not_share_state(start: Callable[..., Start]) -> None:
    first, second = start(any_free_port()), start(any_free_port())
    texts = wait_until(
        lambda: [text for text in (first.text(), second.text()) if "Another npm start" in text],
        lambda: (first.text(), second.text()),
    )
    assert len(texts) == 1


def test_a_failed_deploy_says_why_and_is_repeated_after_the_fix(
    start: Callable[..., Start], tmp_path: Path
) -> None:
    configuration = tmp_path / "serverless.yml"
    good = configuration.read_text()
    configuration.write_text(good.replace("functions:", "funktions:"))
    running = start(any_free_port())
    running.wait_for(r"(?s)funktions.*Fix it")
    configuration.write_text(good)
    assert "message" in running.curl()
    save(configuration, "memorySize: 512", "memorySize: 256")
    running.wait_for(r"Changed: serverless\.yml\nDeployed in")

    # A new function: first its configuration, then its code.
    shout = "  shout:\n    handler: hello/handler.shout\n    iamRoleStatements: []\n"
    event = "    events: [{ http: { method: GET, path: /shout } }]\n\n"
    save(configuration, "functions:\n", f"functions:\n{shout}{event}")
    running.wait_for(r"hello/handler\.py has no handler shout")
    handler = running.folder / "hello" / "handler.py"
    handler.write_text(
        f'{handler.read_text()}\n\n@endpoint\ndef shout() -> str:\n    return "LOUD"\n'
    )
    wait_until(lambda: "LOUD" in call(f"{running.api_url()}/shout", "GET").text, running.text)


def check_exports(running: Start) -> None:
    """Check that AWS tools reach the cloud with the export line, and refuse to run without."""
    line = running.wait_for(r"(?m)^ +(export .*)$")[1]
    info = "node_modules/.bin/serverless info --stage local"
    refused = run(running.folder, info)
    assert refused.returncode != 0
    assert line in refused.stdout + refused.stderr
    assert "lucky-numbers-local-hello" in run(running.folder, f"{line}; {info}").stdout
    listing = "import boto3; print(boto3.client('sqs').list_queues()['QueueUrls'])"
    listed = run(running.folder, f"{line}; .venv/bin/python -c {shlex.quote(listing)}")
    assert "OrdersQueue" in listed.stdout, listed.stderr


def run(folder: Path, command: str) -> subprocess.CompletedProcess[str]:
    """Run a shell command without any settings for AWS tools."""
    plain = {key: value for key, value in os.environ.items() if not key.startswith("AWS_")}
    return subprocess.run(
        command, shell=True, cwd=folder, env=plain, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_a_signal_to_npm_alone_leaves_nothing_behind(
    start: Callable[..., Start], number: signal.Signals
) -> None:
    running = start(any_free_port())
    running.wait_for("local cloud runs")
    running.process.send_signal(number)
    wait_until(running.is_gone, lambda: processes(running))


def test_npm_killed_during_set_up_leaves_nothing_behind(
    start: Callable[..., Start], tmp_path: Path
) -> None:
    # The lock of another running set-up, which is this test.
    (tmp_path / ".setup.lock").write_text(str(os.getpid()))
    running = start(any_free_port())
    running.wait_for("Waiting for another set-up")
    running.process.kill()
    wait_until(running.is_gone, lambda: processes(running))


def test_a_port_that_was_asked_for_and_is_taken_is_an_error(start: Callable[..., Start]) -> None:
    with socket.create_server((HOST, 0)) as taken:
        port = taken.getsockname()[1]
        running = start(port)
        running.wait_for(f"Port {port} is taken")
        wait_until(running.is_gone, lambda: processes(running))
    assert running.process.returncode != 0


def test_the_next_free_port_is_used_when_the_default_is_taken(start: Callable[..., Start]) -> None:
    with contextlib.ExitStack() as stack:
        if is_free(4566):
            stack.enter_context(socket.create_server((HOST, 4566)))
        running = start()
        assert int(running.wait_for(r"Port 4566 is taken.*takes (\d+)")[1]) > 4566
        running.process.send_signal(signal.SIGTERM)
        wait_until(running.is_gone, lambda: processes(running))


@pytest.mark.parametrize("module", ["dev.start", "dev.cloud_process"])
def test_a_mistyped_option_is_a_usage_error(module: str) -> None:
    command = [sys.executable, "-m", module, "1", "--fersh"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 2
    assert "usage: " in result.stderr
    assert "--fersh" in result.stderr


# A second signal comes before one of the lines that handle the first one, for each line in turn.
SIGNALS_AT_ONCE = """
import contextlib, itertools, signal, sys
from dev import start
signal.signal(signal.SIGINT, start._stop)
for line in range(50):
    lines = itertools.count()
    def interrupt(frame, event, _argument):
        if event == "line" and next(lines) == line:
            sys.settrace(None)
            signal.raise_signal(signal.SIGINT)
        return interrupt
    start.stopping.clear()
    with contextlib.suppress(SystemExit):
        sys.settrace(interrupt)
        signal.raise_signal(signal.SIGINT)
    sys.settrace(None)
"""


def test_a_second_signal_never_keeps_it_from_stopping() -> None:
    command = [sys.executable, "-c", SIGNALS_AT_ONCE]
    subprocess.run(command, cwd=ROOT, capture_output=True, timeout=30, check=True)
