"""The README's commands do what it shows, and its walk-through leads where it says."""

import json
import re
import subprocess
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from dev.cloud import ROOT, Cloud
from tests.support.service import Service

README = (ROOT / "README.md").read_text(encoding="utf-8")

# What differs each time.
DRAWN = re.compile(r"\[\d+(,\d+)*\]")
ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def blocks(language: str, text: str = README) -> list[str]:
    """Return the blocks of code in that language, of the README or a part of it."""
    found = re.findall(rf"(?ms)^ *```{language}\n(.*?)^ *```$", text)
    return [dedent(block) for block in found]


COMMANDS = {
    command.removeprefix("$ "): output
    for command, _, output in (block.partition("\n") for block in blocks("console"))
}


def constant(output: str) -> str:
    """Return the part of an output that is the same each time."""
    return ID.sub("(id)", DRAWN.sub("(numbers)", output)).strip()


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_prints_what_the_readme_shows(
    service: Service, cloud: Cloud, api_url: str, command: str
) -> None:
    assert api_url
    result = subprocess.run(
        command.replace("http://127.0.0.1:4566", cloud.url),
        shell=True,
        cwd=service.folder,
        env=cloud.environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    shown = (
        re.escape(constant(COMMANDS[command])).replace(r"\ \ …", "(  .*\n?)*").replace("…", ".*")
    )
    assert re.fullmatch(shown, constant(result.stdout)), result.stdout


def test_the_readme_quotes_the_handler() -> None:
    (quoted,) = (block for block in blocks("python") if block.startswith("@endpoint"))
    assert quoted in (ROOT / "handler.py").read_text(encoding="utf-8")


def test_every_npm_script_is_in_the_readme() -> None:
    scripts = json.loads((ROOT / "package.json").read_text())["scripts"]
    rows = re.findall(
        r"(?m)^\| `(?:run )?([\w:]+)` \| \S+ \S+", README.partition("## npm scripts")[2]
    )
    assert sorted(rows) == sorted(scripts)


def follow(service: Service) -> list[str]:
    """Add a function as the README tells, and return the commands that try it."""
    walk = README.partition("## Add a function")[2].partition("\n## ")[0]
    copying, trying = blocks("sh", walk)
    subprocess.run(copying, shell=True, cwd=service.folder, check=True)
    for block in blocks("python", walk):
        path, _, text = block.removeprefix("# ").partition("\n")
        (service.folder / path).write_text(text)
    (addition,) = blocks("yaml", walk)
    configuration = service.folder / "serverless.yml"
    text = configuration.read_text()
    for place in ("functions:\n", "package:\n  patterns:\n"):
        _, _, lines = addition.partition(place)
        (added,) = re.findall(r"\A((?: .*\n)+)", lines)
        (existing,) = re.findall(rf"(?m)^{place.replace(':', ':.*')}(?: .*\n|\n)+", text)
        text = text.replace(existing, existing.rstrip("\n") + "\n" + added + "\n")
    configuration.write_text(text)
    return trying.splitlines()


def test_a_function_is_added_in_the_places_that_the_readme_tells(tmp_path: Path) -> None:
    service = Service(tmp_path)
    subprocess.run(["git", "init", "--quiet"], cwd=service.folder, check=True)
    invoke, test = follow(service)
    options: dict[str, Any] = {"cwd": service.folder, "shell": True, "text": True}
    printed = subprocess.run(invoke, check=True, capture_output=True, **options).stdout
    assert json.loads(json.loads(printed)["body"]) == {"text": "HELLO"}

    # With what every function is held to; without set-up, which would not find its own here.
    held = "tests/unit/test_imports.py tests/cloud/test_deployed.py tests/cloud/test_permissions.py"
    command = test.replace("npm test --", ".venv/bin/python -m pytest -q")
    tested = subprocess.run(
        f"{command} {held} -k shout", check=False, capture_output=True, **options
    )
    assert tested.returncode == 0, tested.stdout
    passed = re.search(r"(\d+) passed", tested.stdout)
    assert passed
    assert int(passed[1]) == 1 + 2 + 1 + 1, tested.stdout  # Its own, and those of the others.
