"""Every Markdown page agrees with the other pages and with the repository."""

import json
import re
from pathlib import Path

import pytest

from bench.__main__ import TABLES
from bench.pages import END, write_table
from dev.service import ROOT
from tests.support.docs import (
    NOT_RUN,
    find_anchors,
    find_blocks,
    find_commands,
    find_links,
    find_pages,
    find_paths,
    find_scripts,
    read_page,
    target_of,
)

PAGES = find_pages()
README_LINES_MAX = 200  # So that it is read to the end. Details belong in docs/.
SCRIPTS = set(json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["scripts"])
# Rows of the table of cold starts.
BUNDLE = "**this service's bundle**"
ALTERNATIVES = {
    f"## {heading}": [f"{name}, valid bytecode", f"{name}, as usually packaged"]
    for heading, name in {
        "Powertools for AWS Lambda": "Powertools",
        "FastAPI and Mangum": "FastAPI + Mangum",
        "Chalice": "Chalice + pydantic",
    }.items()
}


def test_the_readme_has_at_most_two_hundred_lines() -> None:
    assert len(read_page("README.md").splitlines()) <= README_LINES_MAX


def test_the_readme_links_to_every_page() -> None:
    linked = {target_of("README.md", link)[0] for link in find_links(read_page("README.md"))}
    assert {ROOT / page for page in PAGES if page != "README.md"} <= linked


@pytest.mark.parametrize("page", PAGES)
def test_relative_links_and_anchors_exist(page: str) -> None:
    for link in find_links(read_page(page)):
        if not re.match(r"[a-z]+:", link):
            target, anchor = target_of(page, link)
            assert target.exists(), link
            if anchor:
                assert anchor in find_anchors(target.read_text(encoding="utf-8")), link


@pytest.mark.parametrize("page", PAGES)
def test_paths_that_a_page_names_exist(page: str) -> None:
    generated = (".cache/", ".serverless/")
    paths = {path for path in find_paths(read_page(page)) if not path.startswith(generated)}
    assert {path for path in paths if not (ROOT / path).exists()} == set()


@pytest.mark.parametrize("page", PAGES)
def test_tests_that_commands_name_exist(page: str) -> None:
    lines = [command.line for command in find_commands(read_page(page))]
    named = set(re.findall(r"tests/\S+\.py", "\n".join(lines)))
    # The README's "Add a function" has the reader write a test, and then runs it.
    blocks = find_blocks(read_page(page), "python")
    written = {block.partition("\n")[0].removeprefix("# ") for block in blocks}
    assert {each for each in named - written if not (ROOT / each).exists()} == set()


@pytest.mark.parametrize("page", PAGES)
def test_npm_scripts_that_a_page_names_exist(page: str) -> None:
    assert find_scripts(read_page(page)) <= SCRIPTS


def test_every_npm_script_is_described() -> None:
    rows = re.findall(r"(?m)^\| `(?:run )?([\w:]+)` \| \S+ \S+", read_page("CONTRIBUTING.md"))
    assert set(rows) == SCRIPTS


@pytest.mark.parametrize("beginning", NOT_RUN)
def test_not_run_lists_only_commands_of_pages(beginning: str) -> None:
    lines = [command.line for page in PAGES for command in find_commands(read_page(page))]
    assert any(line.startswith(beginning) for line in lines)


def test_the_readme_quotes_the_handler() -> None:
    blocks = find_blocks(read_page("README.md"), "python")
    (quote,) = (block for block in blocks if "def lucky_numbers(" in block)
    assert quote in (ROOT / "handler.py").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", TABLES)
def test_a_table_of_the_benchmarks_is_written_to_one_page(name: str, tmp_path: Path) -> None:
    copies = [tmp_path / page.replace("/", "-") for page in PAGES]
    for page, copy in zip(PAGES, copies, strict=True):
        copy.write_text(read_page(page), encoding="utf-8")
    write_table(name, r"| new \1 |", copies)
    changed = [
        copy.read_text()
        for copy, page in zip(copies, PAGES, strict=True)
        if copy.read_text() != read_page(page)
    ]
    assert len(changed) == 1
    assert f"from here -->\n\n| new \\1 |\n\n{END}" in changed[0]


@pytest.mark.parametrize(
    ("page", "section", "rows"),
    [
        ("README.md", "# lucky-numbers", [BUNDLE, "the same code, as usually packaged"]),
        ("docs/alternatives.md", "# Alternatives", [BUNDLE]),
        *(("docs/alternatives.md", section, rows) for section, rows in ALTERNATIVES.items()),
    ],
)
def test_ratios_in_a_text_are_those_of_the_table(page: str, section: str, rows: list[str]) -> None:
    table = read_page("docs/bundle.md").partition("| cold start |")[2].partition("\n\n")[0]
    ratios = dict(re.findall(r"(?m)^\| (.+?) \| (\d+\.\d\d) \|", table))
    text = read_page(page).partition(f"{section}\n")[2].partition("\n## ")[0]
    assert re.findall(r"(\d+\.\d\d)\s+times", text) == [ratios[row] for row in rows]


def test_a_table_without_a_place_is_an_error(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("Nothing here.\n")
    with pytest.raises(LookupError):
        write_table("claps", "| new |", [page])


def test_a_repeated_heading_gets_a_number() -> None:
    text = "# A `b`: c, d\n\n## Limits\n\n```sh\n# no heading\n```\n\n## Limits\n"
    assert find_anchors(text) == {"a-b-c-d", "limits", "limits-1"}
