"""`npm run new` makes a service whose commands work."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from dev.new.__main__ import NAME_MAX
from dev.new.service import edit, make_service
from dev.service import ROOT
from dev.service_copy import CACHE, PACKAGE_FOLDERS, THIS_PYTHON, ServiceCopy
from tests.support.docs import find_commands

LONGEST = "orders-" + "x" * (NAME_MAX - len("orders-"))
SAMPLES = re.compile(
    r"(?i)applaud|claps|clap-button|lucky|orders|silentbyte|\bitems/|ITEMS_TABLE|record:serde|\bredrive\b"
)
TIMEOUT_S = 600


def plain_environment() -> dict[str, str]:
    """Return the environment of a terminal: without what this test run adds to it."""
    own = ("AWS_", "PYTEST_", "VIRTUAL_ENV", "npm_")
    return {key: value for key, value in os.environ.items() if not key.startswith(own)}


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run a command that must succeed, as at a terminal."""
    result = subprocess.run(
        command,
        cwd=folder,
        env=plain_environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return result


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a new service, set up by its own commands."""
    folder = tmp_path_factory.mktemp("made") / "my-service"
    printed = run(ROOT / "docs", "npm", "run", "new", "--", os.path.relpath(folder, ROOT / "docs"))
    assert printed.stdout.endswith(
        f"Made {folder}. Next:\n\n  cd {os.path.relpath(folder, ROOT / 'docs')} && npm start\n"
    )
    return folder


def test_its_npm_test_passes(made: Path) -> None:
    passed = run(made, "npm", "test").stdout
    assert re.search(r"\d+ passed", passed)
    assert "failed" not in passed
    assert "skipped" not in passed


def test_its_npm_run_lint_passes(made: Path) -> None:
    run(made, "npm", "run", "lint")


def test_invoke_local_prints_what_its_readme_shows(made: Path) -> None:
    readme = (made / "README.md").read_text(encoding="utf-8")
    (shown,) = (each for each in find_commands(readme) if "invoke local" in each.line)
    assert "-f my_service " in shown.line
    assert run(made, "bash", "-c", shown.line).stdout.strip() == str(shown.output).strip()
    invoked = json.loads(run(made, "npm", "run", "--silent", "invoke").stdout)
    assert invoked == json.loads(str(shown.output))


def test_it_has_nothing_of_the_other_functions(made: Path) -> None:
    files = run(made, "git", "ls-files", "--others", "--exclude-standard").stdout.splitlines()
    assert "my_service/handler.py" in files
    for path in files:
        text = (made / path).read_text(encoding="utf-8")
        if path == "LICENSE":
            assert "The lucky-numbers authors" in text
        else:
            assert not SAMPLES.search(path + text), path


def test_what_its_readme_and_package_json_name_exists(made: Path) -> None:
    readme = (made / "README.md").read_text(encoding="utf-8")
    scripts = json.loads((made / "package.json").read_text(encoding="utf-8"))["scripts"]
    assert set(re.findall(r"npm run ([\w:]+)", readme)) <= set(scripts)
    commands = " ".join(scripts.values())
    named = re.findall(r"`([\w-]+/[\w./]*)`", readme) + re.findall(r"\bdev/[\w./]+", commands)
    paths = {path for path in named if (made / path.partition("/")[0]).is_dir()}
    assert {"my_service/payload.py", "tests/cloud/test_my_service.py"} <= paths
    assert {path for path in paths if not (made / path).exists()} == set()


@pytest.mark.parametrize("name", ["ab", "my-service", LONGEST])
def test_a_service_of_any_name_is_formatted(tmp_path: Path, name: str) -> None:
    make_service(tmp_path, name)
    run(tmp_path, str(ROOT / ".venv/bin/ruff"), "check", "--no-cache")
    run(tmp_path, str(ROOT / ".venv/bin/ruff"), "format", "--check", "--no-cache")


def test_the_longest_name_fits_into_the_names_of_roles(tmp_path: Path) -> None:
    make_service(tmp_path, LONGEST)
    for name in PACKAGE_FOLDERS:
        (tmp_path / name).symlink_to(ROOT / name)
    (CACHE / "requirements").mkdir(parents=True, exist_ok=True)
    (tmp_path / ".cache").mkdir()
    (tmp_path / ".cache/requirements").symlink_to(CACHE / "requirements")
    stage = ["--stage", "production", "--region", "ap-southeast-1"]
    run(tmp_path, "node_modules/.bin/serverless", "package", *stage, THIS_PYTHON)


def attempt(folder: Path, *arguments: str, clone: Path = ROOT) -> tuple[int, str]:
    """Return the exit code of `dev.new`, called in a folder, and the last line it printed."""
    result = subprocess.run(
        [sys.executable, "-m", "dev.new", *arguments],
        cwd=clone,
        env={**plain_environment(), "INIT_CWD": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    *usage, line = (result.stdout + result.stderr).splitlines()
    assert all(each.startswith("usage:") for each in usage) or result.returncode == 0
    return result.returncode, line


def test_inside_a_repository_it_makes_no_repository(tmp_path: Path) -> None:
    run(tmp_path, "git", "init", "--quiet")
    (tmp_path / "my-service").mkdir()  # Empty, so it may be there.
    assert attempt(tmp_path, "my-service") == (0, "  cd my-service && npm start")
    assert not (tmp_path / "my-service/.git").exists()
    listing = ["git", "ls-files", "--others", "--exclude-standard"]
    assert "my_service/handler.py" in run(tmp_path / "my-service", *listing).stdout.splitlines()


@pytest.mark.parametrize(
    ("argument", "line"),
    [
        ("full", "{0}/full is not empty."),
        ("file", "{0}/file is a file."),
        ("none/my-service", "There is no folder {0}/none."),
        (f"{ROOT}/my-service", f"{ROOT}/my-service is inside this clone. Choose a folder beside"),
        ("My-Service", "My-Service is not a valid name: use lower-case letters, "),
        ("1st", "1st is not a valid name"),
        ("my_service", "my_service is not a valid name"),
        ("my--service", "my--service is not a valid name"),
        ("a", "A service's name has 2 to 18 characters; a has 1."),
        (f"{LONGEST}x", f"{LONGEST}x has 19."),
        ("json", "json is taken, by a Python module"),
        ("class", "class is taken, by a Python module"),
        ("pydantic-core", "pydantic_core is taken, by a Python module"),
        ("gateway", "gateway is taken, by a Python module"),
        ("cloud", "cloud is taken, by a Python module"),
    ],
)
def test_a_mistake_prints_one_line_and_leaves_nothing_behind(
    tmp_path: Path, argument: str, line: str
) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full/file").touch()
    (tmp_path / "file").touch()
    before = sorted(tmp_path.rglob("*"))
    code, printed = attempt(tmp_path, argument)
    assert code == 1
    assert line.format(tmp_path) in printed
    assert sorted(tmp_path.rglob("*")) == before


def test_without_a_folder_it_asks_for_one(tmp_path: Path) -> None:
    code, line = attempt(tmp_path)
    assert (code, line.partition("error: ")[2]) == (
        2,
        "the following arguments are required: FOLDER",
    )


def test_outside_a_git_clone_it_says_so_and_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "copy").mkdir()
    copy = ServiceCopy(tmp_path / "copy").folder
    code, line = attempt(tmp_path, "my-service", clone=copy)
    assert code == 1
    assert "not a git repository" in line
    assert [path.name for path in tmp_path.iterdir()] == ["copy"]


def test_an_edit_that_finds_nothing_to_change_is_an_error() -> None:
    with pytest.raises(LookupError, match=r"dev/lock_files\.py has nothing like"):
        edit("", "dev/lock_files.py")
