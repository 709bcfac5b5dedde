"""The closure of a function's imports."""

from typing import Any

import pytest
from lambda_bundle.closure import find_closure
from lambda_bundle.function import Function
from lambda_bundle.package import Package
from requests_for import RUNTIME


def package(files: dict[str, str]) -> Package:
    """Return a package with these files of the service's own, texts by path."""
    return Package({path: text.encode() for path, text in files.items()})


def reached(files: Package, **settings: Any) -> set[str]:
    """Return the paths of the files that the function `handler.f` reaches, with these settings."""
    return find_closure(files, function(**settings)).files


def function(**settings: Any) -> Function:
    """Return the function `handler.f` with these settings."""
    defaults = {"handler": "handler.f", "runtime": RUNTIME, "architecture": "arm64"}
    return Function(**{"name": "f", "data": "reached", **defaults, **settings})


def test_imports_are_followed_in_functions_in_packages_and_relatively() -> None:
    files = package(
        {
            "handler.py": "def f():\n    import a.b\n",
            "a/__init__.py": "from . import c\n",
            "a/b.py": "from .d import x\nfrom . import nothing_of_this_name\n",
            "a/c.py": "import json\n",
            "a/d.py": "from a import e\n",
            "a/e/f.py": "",
            "unreached.py": "",
        }
    )
    assert reached(files) == {"handler.py", "a/__init__.py", "a/b.py", "a/c.py", "a/d.py"}


def test_imports_under_type_checking_are_not_followed() -> None:
    source = (
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import a\nelse:\n    import b\n"
    )
    assert reached(package({"handler.py": source, "a.py": "", "b.py": ""})) == {
        "handler.py",
        "b.py",
    }


def test_a_note_on_a_missing_module_names_the_chain_of_imports() -> None:
    files = {"handler.py": "import a", "a.py": "import b", "b.py": "import nowhere.at_all"}
    (note,) = find_closure(package(files), function()).unclear
    assert "no module nowhere.at_all. Imported by: handler → a → b." in note.why
    files = {"handler.py": "import a.b", "a/__init__.py": ""}
    (note,) = find_closure(package(files), function()).unclear
    assert "no module a.b. Imported by: handler." in note.why


def test_a_missing_module_is_ignored_if_its_import_error_is_caught() -> None:
    source = "try:\n    import nowhere\nexcept ImportError:\n    nowhere = None\n"
    assert reached(package({"handler.py": source})) == {"handler.py"}


def test_the_sdk_that_lambda_provides_is_not_shipped() -> None:
    files = package({"handler.py": "import boto3, botocore.session"})
    assert reached(files) == {"handler.py"}


def test_modules_and_files_can_be_included_by_name() -> None:
    files = package(
        {"handler.py": "", "late.py": "import later", "later.py": "", "web/page.html": "<p>"}
    )
    included = reached(files, include=("late", "web/*.html"))
    assert included == {"handler.py", "late.py", "later.py", "web/page.html"}
    (note,) = find_closure(files, function(include=("lost",))).unclear
    assert "no module lost. Imported by: `include: lost`." in note.why


def test_data_files_are_shipped_with_the_package_that_contains_them() -> None:
    files = package(
        {
            "handler.py": "import web.page",
            "web/__init__.py": "",
            "web/page.py": "",
            "web/page.html": "<p>",
            "web/assets/js/button.js": "0",
            "web/other/__init__.py": "",
            "web/other/other.html": "<p>",
            "website/other.html": "<p>",
            "other.html": "<p>",
        }
    )
    assert reached(files) == {
        "handler.py",
        "web/__init__.py",
        "web/assets/js/button.js",
        "web/page.html",
        "web/page.py",
    }


def test_imports_of_included_modules_are_followed_and_star_imports_add_submodules() -> None:
    files = package(
        {
            "handler.py": "from a import *",
            "a.py": "the package a takes precedence",
            "a/__init__.py": "",
            "a/b.py": "",
            "plug/in.py": "import helper",
            "helper.py": "",
        }
    )
    assert reached(files, include=("plug/*.py",)) == {
        "handler.py",
        "a/__init__.py",
        "a/b.py",
        "plug/in.py",
        "helper.py",
    }


@pytest.mark.parametrize(
    "source",
    [
        "import sys\nif sys.version_info < (3, 11):\n    import nowhere\n",
        "from contextlib import suppress\nwith suppress(ImportError):\n    import nowhere\n",
        "if __name__ == '__main__':\n    import nowhere\n",
        "try:\n    if TYPE_CHECKING: ...\n    else: import nowhere\nexcept ImportError: ...\n",
    ],
)
def test_a_missing_module_is_ignored_in_a_conditional_block(source: str) -> None:
    assert reached(package({"handler.py": source})) == {"handler.py"}
