"""The README's commands do what it shows, and its walk-through leads where it says."""

import json
import re
import subprocess
from pathlib import Path
from textwrap import dedent

import pytest

from dev.cloud import ROOT, Cloud
from tests.service import Service

README = (ROOT / "README.md").read_text(encoding="utf-8")

# What differs each time.
DRAWN = re.compile(r"\[\d+(,\d+)*\]")
REQUEST_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def blocks(language: str) -> list[str]:
    """Return the README's blocks of code in that language."""
    found = re.findall(rf"(?ms)^ *```{language}\n(.*?)^ *```$", README)
    return [dedent(block) for block in found]


COMMANDS = {
    command.removeprefix("$ "): output
    for command, _, output in (block.partition("\n") for block in blocks("console"))
}


def constant(output: str) -> str:
    """Return the part of an output that is the same each time."""
    return REQUEST_ID.sub("(id)", DRAWN.sub("(numbers)", output)).strip()


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
    assert constant(result.stdout) == constant(COMMANDS[command])


def test_the_readme_quotes_the_handler() -> None:
    (quoted,) = (block for block in blocks("python") if block.startswith("@endpoint"))
    assert quoted in (ROOT / "handler.py").read_text(encoding="utf-8")


def test_every_npm_script_is_in_the_readme() -> None:
    scripts = json.loads((ROOT / "package.json").read_text())["scripts"]
    rows = re.findall(r"(?m)^\| `(?:run )?(\w+)` \| \S+ \S+", README.partition("## npm scripts")[2])
    assert sorted(rows) == sorted(scripts)


def test_a_function_is_added_in_the_places_that_the_readme_tells(tmp_path: Path) -> None:
    service = Service(tmp_path)
    for block in blocks("python"):
        if match := re.match(r"# (\w+/\w+\.py)\n", block):
            path = service.folder / match[1]
            path.parent.mkdir(exist_ok=True)
            path.with_name("__init__.py").touch()
            path.write_text(block)
    (addition,) = blocks("yaml")
    configuration = service.folder / "serverless.yml"
    text = configuration.read_text()
    for place in ("functions:\n", "package:\n  patterns:\n"):
        _, _, lines = addition.partition(place)
        (added,) = re.findall(r"\A((?: .*\n)+)", lines)
        (existing,) = re.findall(rf"(?m)^{place.replace(':', ':.*')}(?: .*\n|\n)+", text)
        text = text.replace(existing, existing.rstrip("\n") + "\n" + added + "\n")
    configuration.write_text(text)

    printed = service.invoke_local("-f", "shout", "-d", r'{"body": "{\"text\": \"hello\"}"}')
    assert json.loads(json.loads(printed)["body"]) == {"text": "HELLO"}
