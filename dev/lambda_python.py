"""The Python that functions run on: the base interpreter, and the packages that Lambda adds."""

import functools
import hashlib
import shutil
import sys
import tempfile
from collections.abc import Callable
from importlib.metadata import files, version
from pathlib import Path

from dev.service import ROOT

# https://docs.aws.amazon.com/lambda/latest/dg/lambda-python.html
SDK = ["boto3", "botocore", "jmespath", "python-dateutil", "s3transfer", "six", "urllib3"]
RUNTIME_CLIENT = ["awslambdaric", "simplejson", "snapshot-restore-py"]
SOURCES = [Path(__file__).parent / "image" / name for name in ("bootstrap", "bootstrap.py")]


def base_python() -> str:
    """Return the interpreter that .venv was made from. It has none of the project's packages."""
    base: str = sys._base_executable  # type: ignore[attr-defined]  # noqa: SLF001
    return base


def package_folder(distributions: list[str]) -> Path:
    """Return a folder for PYTHONPATH that holds only these distributions, linked from .venv."""
    return _make_once(
        "packages", _key(distributions), functools.partial(_link_packages, distributions)
    )


@functools.cache
def image_folder() -> Path:
    """Return the root of a likeness of Lambda's image: its `/var/runtime` and `/var/lang`."""
    packages = [*RUNTIME_CLIENT, *SDK]

    def make_image(folder: Path) -> None:
        python = f"python{sys.version_info[0]}.{sys.version_info[1]}"
        paths = ("var/runtime", "var/lang/bin", f"var/lang/lib/{python}/site-packages")
        runtime, interpreters, site_packages = (folder / path for path in paths)
        for each in (runtime, interpreters, site_packages):
            each.mkdir(parents=True)
        for source in SOURCES:
            shutil.copy(source, runtime)
        (interpreters / python).symlink_to(base_python())
        # Without it, Python would use the packages of this machine.
        settings = f"home = {Path(base_python()).parent}\ninclude-system-site-packages = false\n"
        (folder / "var/lang/pyvenv.cfg").write_text(settings, encoding="utf-8")
        _link_packages(packages, site_packages)

    texts = [source.read_text(encoding="utf-8") for source in (*SOURCES, Path(__file__))]
    return _make_once("image", "\0".join([base_python(), _key(packages), *texts]), make_image)


def _key(distributions: list[str]) -> str:
    versions = [f"{name}=={version(name)}" for name in distributions]
    return " ".join([sys.implementation.cache_tag or "", *versions])


def _link_packages(distributions: list[str], folder: Path) -> None:
    for entry in _top_level_entries(distributions):
        (folder / entry.name).symlink_to(entry)


def _make_once(name: str, key: str, fill: Callable[[Path], None]) -> Path:
    """Return a folder of .cache that depends on `key` alone, and make it if it is not there."""
    folder = ROOT / ".cache" / f"{name}-{hashlib.sha256(key.encode()).hexdigest()[:16]}"
    if folder.exists():
        return folder
    folder.parent.mkdir(exist_ok=True)
    unfinished = Path(tempfile.mkdtemp(prefix=f"{folder.name}.", dir=folder.parent))
    fill(unfinished)
    try:
        unfinished.rename(folder)
    except OSError:  # Another thread or process has made it meanwhile.
        shutil.rmtree(unfinished)
    return folder


def _top_level_entries(distributions: list[str]) -> set[Path]:
    """Return the files and folders that the distributions have put into site-packages."""
    paths = [path for name in distributions for path in files(name) or []]
    return {
        (Path(str(path.locate())).parents[len(path.parts) - 1] / path.parts[0]).resolve()
        for path in paths
        if ".." not in path.parts  # Scripts, in .venv/bin.
    }
