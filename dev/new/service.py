"""Copies this service under another name, with `hello` as its only function."""

import json
import re
import shutil
import subprocess
from fnmatch import fnmatch
from pathlib import Path

from dev.new.configuration import edit_configuration
from dev.new.definitions import keep_definitions
from dev.new.locks import edit_node_lock, edit_python_lock, leave_out_node_packages
from dev.new.recipe import (
    DEFINITIONS,
    DESCRIPTION,
    EDITS,
    KEPT,
    LEFT_OUT,
    REMOVED_NODE_PACKAGES,
    REMOVED_PYTHON_PACKAGES,
    REMOVED_SCRIPTS,
    RENAMED,
)
from dev.service import ROOT, SERVICE

FILES = Path(__file__).parent / "files"  # Written for a service named my-service.


def make_service(folder: Path, name: str) -> None:
    """Write the files of a service of that name to an empty folder."""
    package = name.replace("-", "_")
    for path in list_files():
        text, target = edit((ROOT / path).read_text(encoding="utf-8"), path), path
        if path != "LICENSE":  # The licence requires that its notice stays.
            text = text.replace(SERVICE, name).replace(SERVICE.replace("-", "_"), package)
        if any(fnmatch(path, pattern) for pattern in RENAMED):
            text, target = name_after(text, name), re.sub(r"hello(?=/|\.py)", package, path)
        write(folder / target, text, like=ROOT / path)
    for source in FILES.rglob("*"):
        if source.is_file():
            text = source.read_text(encoding="utf-8")
            text = text.replace("my-service", name).replace("my_service", package)
            destination = folder / source.relative_to(FILES)
            if destination.suffix == ".in":
                destination = destination.with_suffix("")
            write(destination, text, like=source)


def list_files() -> list[str]:
    """Return the paths of the tracked files that a new service gets."""
    listing = ["git", "ls-files", "-z"]
    listed = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=True)
    return [
        path
        for path in listed.stdout.split("\0")
        if any(fnmatch(path, pattern) for pattern in KEPT)
        and not any(fnmatch(path, pattern) for pattern in LEFT_OUT)
        and (ROOT / path).is_file()
    ]


def edit(text: str, path: str) -> str:
    """Return the text of one of our files without what only this service has.

    Raises:
        LookupError: an edit finds nothing to change, so the recipe is out of date.
    """
    if path == "serverless.yml":
        text = edit_configuration(text)
    elif path == "package.json":
        text = edit_package(text)
    elif path == "package-lock.json":
        text = edit_node_lock(text, REMOVED_NODE_PACKAGES)
    elif path == "requirements-dev.txt":
        text = edit_python_lock(text, REMOVED_PYTHON_PACKAGES)
    elif path in DEFINITIONS:
        text = keep_definitions(text, DEFINITIONS[path])
    for pattern, replacement in EDITS.get(path, []):
        text, count = re.subn(f"(?m){pattern}", replacement, text)
        if not count:
            raise LookupError(f"dev/new/recipe.py: {path} has nothing like {pattern}")
    return text


def edit_package(text: str) -> str:
    """Return package.json with only the scripts and packages that a new service has."""
    package = json.loads(text)
    package["description"] = DESCRIPTION
    package["version"] = "0.1.0"
    for name in REMOVED_SCRIPTS:
        del package["scripts"][name]
    del package["scarfSettings"]  # It is for one of the packages that are left out.
    leave_out_node_packages(package, REMOVED_NODE_PACKAGES)
    return json.dumps(package, indent=2, ensure_ascii=False) + "\n"


def name_after(text: str, name: str) -> str:
    """Return a text about `hello` as one about a function with the name of the service."""
    title = "".join(part.capitalize() for part in name.split("-"))
    text = re.sub(r"\bhello\b", name.replace("-", "_"), text.replace("HelloQuery", f"{title}Query"))
    # Imports are in the order of their modules' names.
    return re.sub(r"(?m)(^from .*\n)+", lambda lines: _sort_lines(lines[0]), text)


def _sort_lines(lines: str) -> str:
    return "".join(sorted(lines.splitlines(keepends=True)))


def write(path: Path, text: str, like: Path) -> None:
    """Write a file with the permissions of another one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    shutil.copymode(like, path)
