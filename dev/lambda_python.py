"""The Python that functions run on: the base interpreter, and the packages that Lambda adds."""

import hashlib
import os
import shutil
import sys
from importlib.metadata import files, version
from pathlib import Path

from dev.service import ROOT

# https://docs.aws.amazon.com/lambda/latest/dg/lambda-python.html
SDK = ["boto3", "botocore", "jmespath", "python-dateutil", "s3transfer", "six", "urllib3"]
RUNTIME_CLIENT = ["awslambdaric", "simplejson", "snapshot-restore-py"]


def base_python() -> str:
    """Return the interpreter that .venv was made from. It has none of the project's packages."""
    base: str = sys._base_executable  # type: ignore[attr-defined]  # noqa: SLF001
    return base


def package_folder(distributions: list[str]) -> Path:
    """Return a folder for PYTHONPATH that holds only these distributions, linked from .venv."""
    versions = map(version, distributions)
    key = " ".join([sys.implementation.cache_tag or "", *versions, *distributions])
    digest = hashlib.sha256(key.encode()).hexdigest()[:16]
    folder = ROOT / ".cache" / f"packages-{digest}"
    if folder.exists():
        return folder
    unfinished = folder.with_name(f"{folder.name}.{os.getpid()}")
    unfinished.mkdir(parents=True)
    for entry in _top_level_entries(distributions):
        (unfinished / entry.name).symlink_to(entry)
    try:
        unfinished.rename(folder)
    except OSError:  # Another process has made it meanwhile.
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
