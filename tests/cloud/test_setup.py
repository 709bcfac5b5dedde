"""Set-up: what it installs, what a machine must have, and that it can be interrupted."""

import hashlib
import json
import os
import platform
import re
import shutil
import signal
import subprocess
import sys
import zipfile
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from dev.browser import open_browser
from dev.service import ROOT
from dev.service_copy import ServiceCopy
from dev.waiting import wait_until

REAL_PYTHON = Path(sys.executable).resolve()
REAL_VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"
NODE_DEPENDENCIES = {"one": "file:packages/one", "@scope/two": "file:packages/two"}
NODE_FILES = {
    "package.json": {"dependencies": NODE_DEPENDENCIES},
    "package-lock.json": {
        "lockfileVersion": 3,
        "packages": {
            "": {"dependencies": NODE_DEPENDENCIES},
            "node_modules/one": {"resolved": "packages/one", "link": True},
            "node_modules/@scope/two": {"resolved": "packages/two", "link": True},
            "packages/one": {"version": "1.0.0"},
            "packages/two": {"name": "@scope/two", "version": "1.0.0"},
        },
    },
    "packages/one/package.json": {"name": "one", "version": "1.0.0"},
    "packages/two/package.json": {"name": "@scope/two", "version": "1.0.0"},
}
CHOICES = {"CHROMIUM", "PYTHON"}  # Environment variables that a user may have set.


class Clone:
    """A clone with packages of its own, on a machine that has only the programs added to it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "clone"
        self.programs = folder / "bin"
        self.packages = self.folder / ".venv/lib" / f"python{REAL_VERSION}" / "site-packages"
        self.node_packages = [self.folder / "node_modules" / name for name in NODE_DEPENDENCIES]
        self.browser = self.folder / ".cache" / "browser.json"
        shutil.copytree(ROOT / "dev" / "setup", self.folder / "dev" / "setup")
        shutil.copy(ROOT / "dev" / "setup.mjs", self.folder / "dev")
        self.require("start", "one")
        self.require("dev", "one", "two")
        self.programs.mkdir()
        for program in ("env", "node", "npm", "sh"):
            self.add_program(program, f'exec {shutil.which(program)} "$@"')
        for name, content in NODE_FILES.items():
            (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / name).write_text(json.dumps(content))

    def require(self, extra: str, *names: str) -> None:
        """Write a requirements file of packages with one module each, which need no download."""
        lines = []
        for name in names:
            wheel = self.folder / f"{name}-1-py3-none-any.whl"
            if not wheel.exists():
                write_wheel(wheel, name)
            digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
            lines.append(f"{name} @ {wheel.as_uri()} --hash=sha256:{digest}\n")
        (self.folder / f"requirements-{extra}.txt").write_text("".join(lines))

    def add_program(self, name: str, script: str) -> Path:
        """Put a program on the PATH."""
        program = self.programs / name
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
        return program

    def add_python(self, name: str = "python3", version: str = REAL_VERSION) -> Path:
        """Put a Python on the PATH that reports a version."""
        return self.add_program(
            name,
            f'[ "$1" = -c ] && printf "%s\\n" {version} aarch64 "$0" && exit\n'
            f'exec {REAL_PYTHON} "$@"',
        )

    def start(self, *extras: str, **environment: str) -> subprocess.Popen[str]:
        """Start set-up."""
        bare = {key: value for key, value in os.environ.items() if key not in CHOICES}
        return subprocess.Popen(
            ["node", "dev/setup.mjs", *extras],
            cwd=self.folder,
            env={**bare, "PATH": str(self.programs), **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def set_up(self, *extras: str, **environment: str) -> tuple[int, str]:
        """Run set-up, and return its exit status and standard error."""
        process = self.start(*extras, **environment)
        output, errors = process.communicate(timeout=120)
        assert output == ""
        assert not list(self.folder.glob(".setup.lock*"))
        return process.returncode, errors

    def installed(self) -> set[str]:
        """Return the names of the installed modules."""
        return {path.stem for path in self.packages.glob("*.py")}

    def machine(self) -> dict[str, str]:
        """Return what set-up wrote for serverless.yml."""
        machine: dict[str, str] = json.loads((self.folder / ".machine.json").read_text())
        return machine


def write_wheel(path: Path, name: str) -> None:
    """Write a wheel of one empty module."""
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr(f"{name}.py", "")
        info = f"{name}-1.dist-info"
        wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        wheel.writestr(f"{info}/RECORD", "")


def pins_in(requirements: str) -> set[str]:
    """Return the `name==version` of each package in a requirements file."""
    text = (ROOT / requirements).read_text(encoding="utf-8")
    return set(re.findall(r"(?m)^([\w.-]+==[\w.]+)", text))


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    """Return a fresh clone."""
    return Clone(tmp_path)


def test_python_3_13_is_preferred_and_a_second_set_up_prints_nothing(clone: Clone) -> None:
    for version in ("3.14", "3.13", "3.12"):
        clone.add_python(f"python{version}", version)
    code, printed = clone.set_up()
    assert code == 0, printed
    assert "Making .venv with Python 3.13" in printed
    assert clone.machine()["runtime"] == "python3.13"
    assert clone.machine()["architecture"] == "arm64"
    assert clone.set_up() == (0, "")


def test_without_python_3_13_another_that_lambda_runs_is_used_and_named(clone: Clone) -> None:
    clone.add_python("python3", "3.9")
    clone.add_python("python3.11", "3.11")
    clone.add_python("python3.12", "3.12")
    code, printed = clone.set_up()
    assert code == 0, printed
    assert "Python 3.13 is not installed: the local cloud runs functions on 3.12" in printed
    assert clone.machine()["runtime"] == "python3.12"


def test_python3_is_found_without_a_version_in_its_name(clone: Clone) -> None:
    clone.add_python("python3", "3.13")
    assert clone.set_up()[0] == 0
    assert clone.machine()["runtime"] == "python3.13"


@pytest.mark.parametrize("version", ["20.18.3", "21.7.3", "22.12.0", "23.11.0"])
def test_a_node_that_package_json_excludes_is_an_error(clone: Clone, version: str) -> None:
    versions = f"{{...process.versions,node:'{version}'}}"
    set_version = f"Object.defineProperty(process,'versions',{{value:{versions}}})"
    code, printed = clone.set_up(NODE_OPTIONS=f"--import=data:text/javascript,{set_version}")
    assert code == 1
    assert f"Node {version} is not supported. Install Node 24 or later" in printed


@pytest.mark.parametrize("version", [None, "3.10", "3.15"])
def test_without_a_python_that_lambda_runs_set_up_says_what_to_install(
    clone: Clone, version: str | None
) -> None:
    if version:
        clone.add_python("python3", version)
    code, printed = clone.set_up()
    assert code == 1
    assert "Install Python 3.13 (3.14, 3.12, 3.11 will do)" in printed
    assert not (clone.folder / ".venv").exists()


def test_a_python_can_be_chosen(clone: Clone, tmp_path: Path) -> None:
    clone.add_python("python3.13", "3.13")
    chosen = clone.add_python("other", "3.14").rename(tmp_path / "other")
    assert clone.set_up(PYTHON=str(chosen))[0] == 0
    assert clone.machine()["runtime"] == "python3.14"
    assert clone.set_up() == (0, "")
    assert clone.set_up(PYTHON=str(chosen)) == (0, "")


def test_a_chosen_python_that_does_not_run_is_an_error(clone: Clone) -> None:
    clone.add_python("python3.13", "3.13")
    code, printed = clone.set_up(PYTHON="/nowhere/python")
    assert code == 1
    assert "PYTHON=/nowhere/python is not a Python that Lambda runs" in printed


def test_a_failed_install_shows_why_and_is_repeated_by_the_next_set_up(clone: Clone) -> None:
    clone.add_python("python3.13", "3.13")
    requirements = clone.folder / "requirements-start.txt"
    requirements.write_text("pydantic==2.14.3\n")  # Without a hash.
    code, printed = clone.set_up()
    assert code == 1
    assert "--require-hashes" in printed
    requirements.write_text("")
    assert clone.set_up()[0] == 0


def test_start_installs_its_own_packages_and_tests_add_theirs(clone: Clone) -> None:
    clone.add_python()
    assert clone.set_up()[0] == 0
    assert clone.installed() == {"one"}
    code, printed = clone.set_up("dev")
    assert code == 0, printed
    assert "Making .venv" not in printed  # An `npm start` may be using it.
    assert clone.installed() == {"one", "two"}
    assert clone.set_up() == clone.set_up("dev") == (0, "")


def test_an_incomplete_install_is_repeated_from_scratch(clone: Clone) -> None:
    clone.add_python()
    assert clone.set_up()[0] == 0
    requirements = clone.folder / "requirements-dev.txt"
    complete = requirements.read_text()
    requirements.write_text("pydantic==2.14.3\n")
    assert clone.set_up("dev")[0] == 1
    requirements.write_text(complete)
    code, printed = clone.set_up("dev")
    assert code == 0, printed
    assert "Making .venv" in printed
    assert clone.installed() == {"one", "two"}


def test_a_change_of_versions_removes_the_old_packages(clone: Clone) -> None:
    clone.add_python()
    assert clone.set_up("dev")[0] == 0
    clone.require("dev", "one", "three")
    assert clone.set_up() == (0, "")
    assert clone.set_up("dev")[0] == 0
    assert clone.installed() == {"one", "three"}


def test_a_deleted_package_is_installed_again(clone: Clone) -> None:
    clone.add_python()
    assert clone.set_up()[0] == 0
    for path in (
        clone.packages / "one.py",
        clone.packages / "one-1.dist-info",
        *clone.node_packages,
    ):
        path.rename(clone.folder / f"deleted-{path.name}")
        code, printed = clone.set_up()
        assert code == 0, printed
        assert f"{path.relative_to(clone.folder)} is missing." in printed
        assert path.exists()
    assert clone.set_up() == (0, "")


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_set_up_is_completed_by_the_next(
    clone: Clone, number: signal.Signals
) -> None:
    clone.add_python("python3.13", "3.13")
    process = clone.start()

    def is_installing() -> bool:
        assert process.poll() is None
        return (clone.folder / ".venv" / "bin").exists()

    wait_until(is_installing, lambda: "set-up has not made .venv", interval_s=0.01)
    process.send_signal(number)
    process.communicate(timeout=60)
    assert process.returncode != 0
    assert clone.set_up()[0] == 0
    assert clone.set_up() == (0, "")


def test_set_up_ends_when_its_owner_is_killed(clone: Clone) -> None:
    clone.add_python("python3.13", "3.13")
    owner = subprocess.Popen(["sleep", "60"])
    process = clone.start("--owner", str(owner.pid))
    owner.kill()
    owner.wait()
    process.communicate(timeout=60)
    assert process.returncode == 1
    assert not (clone.folder / "node_modules").exists()
    assert clone.set_up()[0] == 0


def test_of_two_set_ups_at_once_the_second_waits(clone: Clone) -> None:
    clone.add_python("python3.13", "3.13")
    both = [clone.start(), clone.start()]
    printed = [process.communicate(timeout=120)[1] for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert sum("Making .venv" in text for text in printed) == 1
    assert sum("Waiting for another set-up of this clone" in text for text in printed) == 1


@pytest.mark.parametrize("mistake", ["browsr", "--fersh"])
def test_a_mistyped_argument_is_a_usage_error(clone: Clone, mistake: str) -> None:
    code, printed = clone.set_up(mistake)
    assert code == 2
    assert "usage: " in printed
    assert mistake in printed


def test_the_lock_of_a_dead_set_up_is_ignored(clone: Clone) -> None:
    clone.add_python("python3.13", "3.13")
    dead = subprocess.Popen(["true"])
    dead.wait()
    (clone.folder / ".setup.lock").write_text(str(dead.pid))
    assert clone.set_up()[0] == 0
    lock = clone.folder / ".setup.lock"
    lock.write_text(str(os.getpid()))  # A process that runs, but is no set-up: the id was reused.
    os.utime(lock, (0, 0))
    assert clone.set_up() == (0, "")


# Takes the lock, and holds it until the file `go` exists.
HOLDER = """
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { lockSetup } from './dev/setup/lock.mjs';

await lockSetup();
writeFileSync('held', '');
while (!existsSync('go')) await sleep(20);
rmSync('held');
"""
# Takes the lock too. As soon as it has read whose the lock is, a holder takes it.
LATE = """
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const { readFileSync } = fs;
let isFirst = true;
fs.readFileSync = (file, ...options) => {
  const text = readFileSync(file, ...options);
  if (isFirst && String(file).endsWith('.setup.lock')) {
    isFirst = false;
    spawn('node', ['holder.mjs'], { stdio: 'ignore' }).unref();
    spawnSync('sh', ['-c', 'until [ -e held ]; do sleep 0.02; done'], { timeout: 30_000 });
  }
  return text;
};
syncBuiltinESMExports();
const { lockSetup } = await import('./dev/setup/lock.mjs');
await lockSetup();
console.log(fs.existsSync('held') ? 'both have the lock' : 'it is free');
"""


def test_who_finds_a_dead_set_up_s_lock_does_not_delete_the_next_one(clone: Clone) -> None:
    clone.add_program("sleep", f'exec {shutil.which("sleep")} "$@"')
    dead = subprocess.Popen(["true"])
    dead.wait()
    (clone.folder / ".setup.lock").write_text(str(dead.pid))
    for name, script in (("holder.mjs", HOLDER), ("late.mjs", LATE)):
        (clone.folder / name).write_text(script)
    late = subprocess.Popen(
        ["node", "late.mjs"],
        cwd=clone.folder,
        env={**os.environ, "PATH": str(clone.programs)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert late.stderr
    assert late.stdout
    try:
        # It waits for the holder; or it says that both have the lock, and ends.
        assert "Waiting for another set-up" in late.stderr.readline(), late.stdout.read()
        (clone.folder / "go").touch()
        output, errors = late.communicate(timeout=60)
        assert output == "it is free\n", errors
    finally:
        (clone.folder / "go").touch()
        late.communicate(timeout=60)
    wait_until(
        lambda: not list(clone.folder.glob(".setup.lock*")), lambda: "the lock is still there"
    )


def test_an_installed_browser_is_used(clone: Clone) -> None:
    clone.add_python("python3.13", "3.13")
    clone.add_program("chromium", "exit 1")  # Like Ubuntu's, which only says which snap to install.
    browser = clone.add_program("google-chrome", "exit 0")
    code, printed = clone.set_up("browser")
    assert code == 0, printed
    assert json.loads(clone.browser.read_text())["browser"] == str(browser)
    assert "no Chromium" not in printed
    assert clone.set_up("browser") == (0, "")


@pytest.mark.skipif(
    (sys.platform, platform.machine()) != ("linux", "x86_64"),
    reason="npm has a browser for Linux on x64 only",
)
def test_without_a_browser_set_up_installs_one(
    clone: Clone, monkeypatch: pytest.MonkeyPatch
) -> None:
    clone.add_python("python3.13", "3.13")
    code, printed = clone.set_up("browser")
    assert code == 0, printed
    assert "This machine has no Chromium" in printed
    assert clone.set_up("browser") == (0, "")
    monkeypatch.delenv("CHROMIUM", raising=False)
    with open_browser(clone.browser) as browser:
        page = browser.new_page()
        page.set_content("<h1>It opens pages</h1>")
        assert page.get_by_role("heading").inner_text() == "It opens pages"


def test_if_no_browser_can_be_installed_set_up_says_what_to_do(
    clone: Clone, tmp_path: Path
) -> None:
    clone.add_python("python3.13", "3.13")
    code, printed = clone.set_up(
        "browser",
        npm_config_registry="http://127.0.0.1:9",
        npm_config_fetch_retries="0",
        npm_config_cache=str(tmp_path / "npm"),
    )
    assert code == 1
    assert "Install Chromium or Chrome" in printed
    assert not clone.browser.exists()
    assert clone.set_up("browser", CHROMIUM="/path/to/chrome") == (0, "")


def test_start_s_packages_are_among_those_for_tests_in_the_same_versions() -> None:
    start, dev = pins_in("requirements-start.txt"), pins_in("requirements-dev.txt")
    assert start
    assert start < dev


@pytest.mark.parametrize(
    "module",
    [
        "dev.start",
        "dev.cloud_process",
        "ops.redrive",
        "ops.smoke.__main__",
        "lambda_bundle.bundle",
    ],
)
def test_start_imports_no_package_that_only_tests_have(module: str) -> None:
    start = {each.partition("==")[0] for each in pins_in("requirements-start.txt")}
    absent = [
        name
        for name, owners in packages_distributions().items()
        if start.isdisjoint(re.sub(r"[-_.]+", "-", owner).lower() for owner in owners)
    ]
    script = f"import sys; sys.modules.update(dict.fromkeys({absent})); import {module}"
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True)


def test_plain_serverless_commands_use_the_runtime_that_set_up_wrote(tmp_path: Path) -> None:
    service = ServiceCopy(tmp_path)
    machine = {"runtime": "python3.12", "architecture": "arm64"}
    (service.folder / ".machine.json").write_text(json.dumps(machine))
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
