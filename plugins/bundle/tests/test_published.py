"""What npm and PyPI would have works in an empty project, as README.md says."""

import os
import re
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
from plugin_service import read_zip

PACKAGE = Path(__file__).parents[1]


def run(*command: str | Path, cwd: Path, **environment: str) -> str:
    """Run a command in a shell with nothing but the basics; return what it prints."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    kept.pop("VIRTUAL_ENV", None)
    result = subprocess.run(
        [str(each) for each in command],
        cwd=cwd,
        env={**kept, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode != 0:
        pytest.fail(f"{command}\n{result.stdout}\n{result.stderr}")
    return result.stdout


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the npm tarball, the wheel and the source distribution; return their folder."""
    folder = tmp_path_factory.mktemp("published")
    ignored = shutil.ignore_patterns("__pycache__", "*.whl")
    source = Path(shutil.copytree(PACKAGE, folder / "source", ignore=ignored))
    run("npm", "pack", "--pack-destination", folder, cwd=source, PYTHON=sys.executable)
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, cwd=source)
    return folder


def test_the_tarball_has_the_plugin_and_what_it_needs_and_no_more(published: Path) -> None:
    with tarfile.open(published / "lambda-bundle-0.1.0.tgz") as archive:
        names = {name.removeprefix("package/") for name in archive.getnames()}
    required = {"LICENSE", "README.md", "index.js", "package.json"}
    required |= {f"lambda_bundle/{path}" for path in list_sources()}
    assert required <= names
    others = {name for name in names - required if not name.startswith("plugin/")}
    assert {re.sub(r"[\d.]+", "*", name) for name in others} == {
        "vendor/packaging-*-py*-none-any*whl"
    }


def test_the_wheel_and_the_source_distribution_have_the_bundler_and_no_more(
    published: Path,
) -> None:
    sources = {f"lambda_bundle/{path}" for path in list_sources()}
    wheel = read_zip(published / "lambda_bundle-0.1.0-py3-none-any.whl").keys()
    assert {name for name in wheel if ".dist-info/" not in name} == sources
    with tarfile.open(published / "lambda_bundle-0.1.0.tar.gz") as archive:
        files = {name.partition("/")[2] for name in archive.getnames()}
    metadata = {"LICENSE", "PKG-INFO", "README.md", "pyproject.toml"}
    assert files - {".gitignore"} == sources | metadata


def list_sources() -> set[str]:
    """Return the paths of the bundler's files."""
    folder = PACKAGE / "lambda_bundle"
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)) for path in files if "__pycache__" not in path.parts}
