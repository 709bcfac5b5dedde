"""The README and the pages of docs/ agree with each other and with the repository."""

import json
import re
from pathlib import Path

import pytest

from bench.pages import END, write_table
from dev.cloud import ROOT
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
README_LINES_MAX = 200
SCRIPTS = set(json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["scripts"])
BENCH_TABLES = ["cold starts", "npm start", "claps", "orders"]


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
    made = {block.partition("\n")[0] for block in find_blocks(read_page(page), "python")}
    assert {
        each for each in named if f"# {each}" not in made and not (ROOT / each).exists()
    } == set()


@pytest.mark.parametrize("page", PAGES)
def test_npm_scripts_that_a_page_names_exist(page: str) -> None:
    assert find_scripts(read_page(page)) <= SCRIPTS


def test_every_npm_script_is_described() -> None:
    rows = re.findall(r"(?m)^\| `(?:run )?([\w:]+)` \| \S+ \S+", read_page("CONTRIBUTING.md"))
    assert set(rows) == SCRIPTS


@pytest.mark.parametrize("beginning", NOT_RUN)
def test_every_command_that_is_not_run_is_in_a_page(beginning: str) -> None:
    lines = [command.line for page in PAGES for command in find_commands(read_page(page))]
    assert any(line.startswith(beginning) for line in lines)


def test_the_readme_quotes_the_handler() -> None:
    quotes = [block for block in find_blocks(read_page("README.md"), "python") if "@end" in block]
    assert quotes[0] in (ROOT / "handler.py").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", BENCH_TABLES)
def test_every_table_of_the_benchmarks_has_one_place(name: str, tmp_path: Path) -> None:
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


@pytest.mark.parametrize("page", ["README.md", "docs/alternatives.md"])
def test_measured_ratios_are_those_of_the_table(page: str) -> None:
    table = read_page("docs/bundle.md").partition("writes cold starts")[2].partition(END)[0]
    ratios = re.findall(r"(\d+\.\d\d) (?:times|with|as)", read_page(page))
    assert ratios
    assert all(f"| {ratio} |" in table for ratio in ratios)


def test_a_table_without_a_place_is_an_error(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("Nothing here.\n")
    with pytest.raises(LookupError):
        write_table("claps", "| new |", [page])


def test_a_repeated_heading_gets_a_number() -> None:
    text = "# A `b`: c, d\n\n## Limits\n\n```sh\n# no heading\n```\n\n## Limits\n"
    assert find_anchors(text) == {"a-b-c-d", "limits", "limits-1"}
