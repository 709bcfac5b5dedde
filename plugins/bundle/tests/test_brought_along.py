"""The bundler runs in an interpreter without `packaging`, from wherever its folder lies."""

import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import lambda_bundle
import packaging
import pytest
from requests_for import request_for

SOURCES = Path(lambda_bundle.__file__).parent
WITHOUT_SITE = "import sys; sys.path[:0] = [{!r}]; from lambda_bundle.command import main; main()"


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """Return a folder that has a copy of the package, as npm installs it."""
    ignored = shutil.ignore_patterns("__pycache__", "vendor")
    shutil.copytree(SOURCES, tmp_path / "npm/lambda_bundle", ignore=ignored)
    return tmp_path / "npm"


def bundle(copied: Path, tmp_path: Path, **variables: str) -> "subprocess.CompletedProcess[str]":
    """Make a bundle in an interpreter that has nothing installed."""
    request = request_for(tmp_path, {"handler.py": "import json"})
    return subprocess.run(
        [sys._base_executable, "-I" if not variables else "-s", "-S", "-c",  # type: ignore[attr-defined]  # noqa: SLF001
         WITHOUT_SITE.format(str(copied)), "request"],
        input=json.dumps(request),
        env=variables,
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip


def test_packaging_is_taken_from_the_wheel_beside_the_package(copied: Path, tmp_path: Path) -> None:
    (copied / "vendor").mkdir()
    with zipfile.ZipFile(copied / "vendor/packaging-1-py3-none-any.whl", "w") as wheel:
        for path in Path(packaging.__file__).parent.glob("*.py"):
            wheel.write(path, f"packaging/{path.name}")
    made = bundle(copied, tmp_path)
    assert made.returncode == 0, made.stderr
    assert json.loads(made.stdout)[0]["kept"] == []


def test_packaging_is_taken_from_the_interpreter_that_starts_another(
    copied: Path, tmp_path: Path
) -> None:
    folder = str(Path(packaging.__file__).parent)
    made = bundle(copied, tmp_path, LAMBDA_BUNDLE_PACKAGING=folder)
    assert made.returncode == 0, made.stderr


def test_without_packaging_the_error_says_what_to_install(copied: Path, tmp_path: Path) -> None:
    made = bundle(copied, tmp_path)
    assert made.returncode == 1
    assert made.stderr.endswith("lambda-bundle needs packaging: pip install packaging\n")
