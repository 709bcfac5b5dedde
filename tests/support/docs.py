"""The Markdown pages of this repository: their commands, links and headings."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent
from typing import NamedTuple

from dev.service import ROOT

# Why tests/cloud/test_docs.py does not run a command, by the start of the command.
NOT_RUN = {
    "cd ../my-service": "The new service is not there; tests/cloud/test_new.py makes one.",
    "cp -r hello shout": 'Run by the test of "Add a function".',
    "npm run attack": "Attacks for half an hour; tests/cloud/test_attack.py attacks for less.",
    "npm run bundle": "Runs set-up, which does not work in a copy of the service.",
    "npm run deploy": "Needs an AWS account.",
    "npm run lint": "Checks this clone, for half a minute; .ci/run runs it.",
    "npm run logs": "Needs an AWS account.",
    "npm run new": "Makes a folder beside this clone; tests/cloud/test_new.py runs it.",
    "npm run openapi": "Runs set-up, which does not work in a copy of the service.",
    "npm run record:serde": "Needs cargo; .ci/run runs it.",
    "npm run plan": "Needs an AWS account; tests/cloud/test_plan.py plans.",
    "npm run redrive": "Needs an AWS account; tests/cloud/test_orders_end_to_end.py redrives.",
    "npm run remove": "Needs an AWS account.",
    "npm run smoke": "Needs an AWS account; tests/cloud/test_smoke.py runs it.",
    "npm run test:unit": "Would run the tests within a test.",
    "npm start": "Runs until Ctrl-C; tests/cloud/test_start.py runs it.",
    "npm test": "Would run the tests within a test.",
    "npx serverless info --stage production": "Needs an AWS account.",
    "npx serverless invoke local -f shout": 'Run by the test of "Add a function".',
}


class Command(NamedTuple):
    """A line of a `console` or `sh` block; `output` is what the page shows, if it shows any."""

    line: str
    output: str | None

    def is_run(self) -> bool:
        """Whether the test of its page runs it."""
        return not any(self.line.startswith(beginning) for beginning in NOT_RUN)


def find_pages() -> list[str]:
    """Return the paths of all Markdown files that git tracks or would track."""
    listing = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md"]
    listed = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=True)
    return sorted(path for path in listed.stdout.splitlines() if (ROOT / path).is_file())


def read_page(path: str) -> str:
    """Return the text of a page."""
    return (ROOT / path).read_text(encoding="utf-8")


def find_blocks(text: str, language: str) -> list[str]:
    """Return the blocks of code in that language, without their indentation."""
    blocks = re.findall(rf"(?ms)^ *```{language}\n(.*?)^ *```$", text)
    return [dedent(block) for block in blocks]


def find_commands(text: str) -> Iterator[Command]:
    """Yield the commands of a page, from top to bottom.

    A `console` block has commands after `$ `, each followed by its output. An `sh` block has a
    command in each line.
    """
    for match in re.finditer(r"(?ms)^ *```(console|sh)\n(.*?)^ *```$", text):
        language, block = match[1], dedent(match[2])
        if language == "sh":
            yield from (Command(line, None) for line in block.splitlines() if line)
        else:
            for part in re.split(r"(?m)^\$ ", block)[1:]:
                line, _, output = part.partition("\n")
                yield Command(line, output)


def find_links(text: str) -> list[str]:
    """Return the targets of links and images."""
    return re.findall(r"\]\(([^)\s]+)\)", _without_code(text))


def find_anchors(text: str) -> set[str]:
    """Return the anchors that GitHub gives a page's headings."""
    anchors: set[str] = set()
    for heading in re.findall(r"(?m)^#+ (.+)$", _without_blocks(text)):
        words = re.sub(r"[^\w\- ]", "", re.sub(r"\[(.*?)\]\(.*?\)", r"\1", heading).lower())
        anchor = words.replace(" ", "-")
        repeats = sum(
            re.fullmatch(rf"{re.escape(anchor)}(-\d+)?", each) is not None for each in anchors
        )
        anchors.add(f"{anchor}-{repeats}" if repeats else anchor)
    return anchors


def find_scripts(text: str) -> set[str]:
    """Return the npm scripts that a text names."""
    return set(re.findall(r"\bnpm run ([a-z][\w:-]*)", text))


def find_paths(text: str) -> set[str]:
    """Return the paths that a text names, as `dev/guard.py`, in folders of the repository."""
    paths = re.findall(r"`([\w.-]+/[\w./-]*)`", _without_blocks(text))
    return {path for path in paths if (ROOT / path.partition("/")[0]).is_dir()}


def target_of(page: str, link: str) -> tuple[Path, str]:
    """Return the file and the anchor that a relative link of a page points to."""
    path, _, anchor = link.partition("#")
    return (ROOT / page).parent / path if path else ROOT / page, anchor


def _without_blocks(text: str) -> str:
    return re.sub(r"(?ms)^ *```.*?^ *```$", "", text)


def _without_code(text: str) -> str:
    return re.sub(r"`[^`\n]*`", "", _without_blocks(text))
