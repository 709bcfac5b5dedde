"""The commands of every Markdown page do what it shows."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from dev.cloud import Cloud
from dev.service_copy import ServiceCopy
from tests.support.docs import find_blocks, find_commands, find_pages, read_page

SHOWN_URL = "http://127.0.0.1:4566"
TIMEOUT_S = 120
PAGES = {
    page: commands
    for page in find_pages()
    if (commands := [each for each in find_commands(read_page(page)) if each.is_run()])
}
NEXT = "--- the next command ---"

# The tests that hold every function to the same claims, with the number for a new function.
SHARED_TESTS = {
    "tests/unit/test_imports.py": 2,
    "tests/unit/test_package_imports.py": 2,
    "tests/cloud/test_deployed.py": 1,
    "tests/cloud/test_permissions.py": 1,
}

# What differs from run to run, or is text for people: tests of the functions cover that.
VARIABLE = {
    "numbers": re.compile(r"\[\d+(,\d+)*\]"),
    "id": re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
    "detail": re.compile(r'(?<="detail":")[^"]*'),
}


def mask(output: str) -> str:
    """Return an output with placeholders for what is variable."""
    for name, pattern in VARIABLE.items():
        output = pattern.sub(f"({name})", output)
    return output.strip()


def pattern_of(shown: str) -> str:
    """Return the pattern of an output as a page shows it: `…` is any text or, indented, lines."""
    return re.escape(mask(shown)).replace(r"\ \ …", "(  .*\n?)*").replace("…", ".*")


@pytest.mark.usefixtures("api_url")
@pytest.mark.parametrize("page", PAGES)
def test_commands_print_what_the_page_shows(service: ServiceCopy, cloud: Cloud, page: str) -> None:
    # In one shell, as a reader has it: variables stay set.
    script = "".join(f"{command.line}\necho '{NEXT}'\n" for command in PAGES[page])
    result = subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", script.replace(SHOWN_URL, cloud.url)],
        cwd=service.folder,
        env=cloud.environment(),
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        check=False,
    )
    outputs = result.stdout.split(f"{NEXT}\n")
    assert result.returncode == 0, f"{PAGES[page][len(outputs) - 1].line}\n{result.stderr}"
    for command, output in zip(PAGES[page], outputs, strict=False):
        if command.output is not None:
            assert re.fullmatch(pattern_of(command.output), mask(output)), output


def add_readme_function(service: ServiceCopy) -> list[str]:
    """Add a function as the README describes, and return the commands that try it."""
    section = read_page("README.md").partition("## Add a function")[2].partition("\n## ")[0]
    copy_command, try_commands = find_blocks(section, "sh")
    subprocess.run(copy_command, shell=True, cwd=service.folder, check=True)
    for block in find_blocks(section, "python"):
        path, _, text = block.removeprefix("# ").partition("\n")
        (service.folder / path).write_text(text)
    (addition,) = find_blocks(section, "yaml")
    configuration = service.folder / "serverless.yml"
    text = configuration.read_text()
    for place in ("functions:\n", "package:\n  patterns:\n"):
        _, _, lines = addition.partition(place)
        (added,) = re.findall(r"\A((?: .*\n)+)", lines)
        keys = place.replace(":", ":.*")  # A comment may follow, as it does after `patterns:`.
        (existing,) = re.findall(rf"(?m)^{keys}(?: .*\n|\n)+", text)
        text = text.replace(existing, existing.rstrip("\n") + "\n" + added + "\n")
    configuration.write_text(text)
    return try_commands.splitlines()


def test_the_new_function_of_the_readme_works(tmp_path: Path) -> None:
    service = ServiceCopy(tmp_path)
    subprocess.run(["git", "init", "--quiet"], cwd=service.folder, check=True)
    invoke, describe, test = add_readme_function(service)
    options: dict[str, Any] = {"cwd": service.folder, "shell": True, "text": True}
    printed = subprocess.run(invoke, check=True, capture_output=True, **options).stdout
    assert json.loads(json.loads(printed)["body"]) == {"text": "HELLO"}

    command = describe.replace("npm run openapi", ".venv/bin/python -m dev.openapi")
    subprocess.run(command, check=True, capture_output=True, **options)

    # Its own test, and those of every function; without set-up, which does not work in a copy.
    shared = " ".join(SHARED_TESTS)
    command = test.replace("npm test --", ".venv/bin/python -m pytest -q")
    tested = subprocess.run(
        f"{command} {shared} -k 'shout or every_python_file'",
        check=False,
        capture_output=True,
        **options,
    )
    assert tested.returncode == 0, tested.stdout
    passed = re.search(r"(\d+) passed", tested.stdout)
    assert passed
    assert int(passed[1]) == 1 + sum(SHARED_TESTS.values()), tested.stdout
