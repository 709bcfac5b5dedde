"""Set-up: what it needs of a machine, what it says, and that it survives what befalls it."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from dev.cloud import ROOT
from tests.support.service import Service

REAL_PYTHON = Path(sys.executable).resolve()
LOCK_FILE = {"name": "x", "lockfileVersion": 3, "requires": True, "packages": {"": {"name": "x"}}}


class Clone:
    """A clone that has nothing to download, on a machine that has only the Pythons it is given."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "clone"
        self.programs = folder / "bin"
        (self.folder / "dev").mkdir(parents=True)
        shutil.copy(ROOT / "dev" / "setup.mjs", self.folder / "dev")
        (self.folder / "requirements-dev.txt").touch()
        (self.folder / "package.json").write_text('{"name": "x"}')
        (self.folder / "package-lock.json").write_text(json.dumps(LOCK_FILE))
        self.programs.mkdir()
        for program in ("env", "node", "npm", "sh"):
            (self.programs / program).symlink_to(shutil.which(program) or "")

    def add_python(self, name: str, version: str) -> Path:
        """Put a Python there that says it is of that version."""
        python = self.programs / name
        python.write_text(
            "#!/bin/sh\n"
            f'[ "$1" = -c ] && printf "%s\\n" {version} aarch64 "$0" && exit\n'
            f'exec {REAL_PYTHON} "$@"\n'
        )
        python.chmod(0o755)
        return python

    def start(self, **environment: str) -> subprocess.Popen[str]:
        """Start a set-up."""
        return subprocess.Popen(
            ["node", "dev/setup.mjs"],
            cwd=self.folder,
            env={"PATH": str(self.programs), "HOME": os.environ["HOME"], **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def set_up(self, **environment: str) -> tuple[int, str]:
        """Return the exit code of a set-up, and what it printed to standard error."""
        process = self.start(**environment)
        output, errors = process.communicate(timeout=120)
        assert output == ""
        assert not list(self.folder.glob(".setup.lock*"))
        return process.returncode, errors

    def machine(self) -> dict[str, str]:
        """Return what set-up noted for serverless.yml."""
        noted: dict[str, str] = json.loads((self.folder / ".machine.json").read_text())
        return noted


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    """Return a fresh clone."""
    return Clone(tmp_path)


def test_python_3_13_is_taken_before_others_and_a_second_set_up_says_nothing(clone: Clone) -> None:
    for version in ("3.14", "3.13", "3.12"):
        clone.add_python(f"python{version}", version)
    code, said = clone.set_up()
    assert code == 0, said
    assert "Making .venv with Python 3.13" in said
    assert clone.machine()["runtime"] == "python3.13"
    assert clone.machine()["architecture"] == "arm64"
    assert clone.set_up() == (0, "")


def test_a_machine_without_3_13_takes_another_that_lambda_runs_and_says_so(clone: Clone) -> None:
    clone.add_python("python3", "3.9")
    clone.add_python("python3.11", "3.11")
    clone.add_python("python3.12", "3.12")
    code, said = clone.set_up()
    assert code == 0, said
    assert "Python 3.13 is not here, so this machine takes 3.12" in said
    assert clone.machine()["runtime"] == "python3.12"


def test_a_python_of_a_plain_name_will_do(clone: Clone) -> None:
    clone.add_python("python3", "3.13")
    assert clone.set_up()[0] == 0
    assert clone.machine()["runtime"] == "python3.13"


@pytest.mark.parametrize("version", [None, "3.10", "3.15"])
def test_a_machine_without_any_that_lambda_runs_is_told_what_to_install(
    clone: Clone, version: str | None
) -> None:
    if version:
        clone.add_python("python3", version)
    code, said = clone.set_up()
    assert code == 1
    assert "Install Python 3.13 (3.14, 3.12, 3.11 will do)" in said
    assert not (clone.folder / ".venv").exists()


def test_a_python_can_be_named(clone: Clone, tmp_path: Path) -> None:
    clone.add_python("python3.13", "3.13")
    named = clone.add_python("other", "3.14").rename(tmp_path / "other")
    assert clone.set_up(PYTHON=str(named))[0] == 0
    assert clone.machine()["runtime"] == "python3.14"
    assert clone.set_up() == (0, "")
    assert clone.set_up(PYTHON=str(named)) == (0, "")


def test_a_named_python_that_is_none_is_told(clone: Clone) -> None:
    clone.add_python("python3.13", "3.13")
    code, said = clone.set_up(PYTHON="/nowhere/python")
    assert code == 1
    assert "PYTHON=/nowhere/python is not a Python that Lambda runs" in said


def test_an_install_that_fails_shows_why_and_the_next_one_tries_again(clone: Clone) -> None:
    clone.add_python("python3.13", "3.13")
    requirements = clone.folder / "requirements-dev.txt"
    requirements.write_text("pydantic==2.14.3\n")  # Without a hash.
    code, said = clone.set_up()
    assert code == 1
    assert "--require-hashes" in said
    requirements.write_text("")
    assert clone.set_up()[0] == 0


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_set_up_is_finished_by_the_next(
    clone: Clone, number: signal.Signals
) -> None:
    clone.add_python("python3.13", "3.13")
    process = clone.start()
    deadline = time.monotonic() + 60
    while not (clone.folder / ".venv" / "bin").exists():
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.01)
    process.send_signal(number)
    process.communicate(timeout=60)
    assert process.returncode != 0
    assert clone.set_up()[0] == 0
    assert clone.set_up() == (0, "")


def test_two_set_ups_at_once_take_turns(clone: Clone) -> None:
    clone.add_python("python3.13", "3.13")
    both = [clone.start(), clone.start()]
    said = [process.communicate(timeout=120)[1] for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert sum("Making .venv" in text for text in said) == 1
    assert sum("Waiting for the set-up that runs already" in text for text in said) == 1


def test_a_lock_that_a_dead_set_up_left_is_no_obstacle(clone: Clone) -> None:
    clone.add_python("python3.13", "3.13")
    dead = subprocess.Popen(["true"])
    dead.wait()
    (clone.folder / ".setup.lock").write_text(str(dead.pid))
    assert clone.set_up()[0] == 0
    lock = clone.folder / ".setup.lock"
    lock.write_text(str(os.getpid()))  # Alive, but no set-up: an id that came round again.
    os.utime(lock, (0, 0))
    assert clone.set_up() == (0, "")


def test_plain_serverless_commands_read_what_set_up_noted(tmp_path: Path) -> None:
    service = Service(tmp_path)
    noted = {"runtime": "python3.12", "architecture": "arm64"}
    (service.folder / ".machine.json").write_text(json.dumps(noted))
    command = ["node_modules/.bin/serverless", "print", "--path", "provider", "--stage", "local"]
    printed = subprocess.run(
        [*command, "--format", "json"],
        cwd=service.folder,
        capture_output=True,
        text=True,
        check=True,
    )
    provider = json.loads(printed.stdout)
    assert (provider["runtime"], provider["architecture"]) == ("python3.12", "arm64")
