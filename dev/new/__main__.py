"""`npm run new -- ../my-service`: makes a service of your own from this one."""

import argparse
import keyword
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from importlib.metadata import packages_distributions
from pathlib import Path

from dev.new.recipe import KEPT
from dev.new.service import make_service
from dev.service import ROOT
from dev.watching import IGNORED

# The names that CloudFormation accepts, in lower case because npm requires that.
NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
# serverless requires two characters. The name of a role has at most 64 characters: the
# service's name twice, a stage ("production"), a region ("ap-southeast-1") and three hyphens.
NAME_MIN, NAME_MAX = 2, 18


class MistakeError(Exception):
    """Raised when no service can be made from the argument; the message says why."""


def main() -> None:
    """Make the service, and say what to do next."""
    parser = argparse.ArgumentParser(
        prog="npm run new --",
        usage="npm run new -- FOLDER, such as npm run new -- ../my-service",
        description=__doc__.split(": ")[1],
    )
    parser.add_argument(
        "folder", metavar="FOLDER", help="a new or empty folder, which names the service"
    )
    argument = parser.parse_args().folder
    # npm runs scripts in the root of the clone; INIT_CWD is the folder in which it was called.
    folder = Path(os.environ.get("INIT_CWD", Path.cwd()), argument).resolve()
    try:
        check_folder(folder)
        check_name(folder.name)
        make(folder)
    except MistakeError as mistake:
        sys.exit(str(mistake))
    print(f"Made {folder}. Next:\n\n  cd {shlex.quote(argument)} && npm start")


def check_name(name: str) -> None:
    """Check the name of the service, which is also that of its first function.

    Raises:
        MistakeError: CloudFormation, npm or Python would refuse it.
    """
    if not NAME.fullmatch(name):
        raise MistakeError(
            f"{name} is not a valid name: use lower-case letters, digits and single hyphens, with a"
            " letter first, as in my-service."
        )
    if not NAME_MIN <= len(name) <= NAME_MAX:
        raise MistakeError(
            f"A service's name has {NAME_MIN} to {NAME_MAX} characters; {name} has {len(name)}."
        )
    package = name.replace("-", "_")
    if keyword.iskeyword(package) or package in _taken_packages():
        raise MistakeError(
            f"{package} is taken, by a Python module or a file of the service. Choose another name."
        )


def _taken_packages() -> set[str]:
    """Return the names that modules, folders and tests of a new service already have."""
    folders = {path.partition("/")[0] for path in KEPT if "/" in path}
    tests = {
        found[1] for path in KEPT if (found := re.fullmatch(r"tests/cloud/test_(\w+)\.py", path))
    }
    packages = {*sys.stdlib_module_names, *packages_distributions(), *folders, *tests, *IGNORED}
    return packages - {"hello"}


def check_folder(folder: Path) -> None:
    """Check that a service can be made in that folder.

    Raises:
        MistakeError: it is inside this clone, its parent does not exist, or it is not empty.
    """
    if folder.is_relative_to(ROOT):
        raise MistakeError(f"{folder} is inside this clone. Choose a folder beside it.")
    if not folder.parent.is_dir():
        raise MistakeError(f"There is no folder {folder.parent}.")
    if folder.exists() and not folder.is_dir():
        raise MistakeError(f"{folder} is a file.")
    if folder.exists() and any(folder.iterdir()):
        raise MistakeError(f"{folder} is not empty.")


def make(folder: Path) -> None:
    """Make the service in a temporary folder beside its own, and move it when it is complete.

    Raises:
        MistakeError: the folder cannot be written, or this is no git clone.
    """
    try:
        temporary = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    except OSError as error:
        raise MistakeError(f"{folder.parent} cannot be written: {error.strerror}.") from None
    try:
        made = temporary / folder.name
        made.mkdir()
        make_service(made, folder.name)
        _run([sys.executable, "-B", "-m", "dev.openapi"], made)
        if not _is_in_repository(folder.parent):
            _run(["git", "init", "--quiet"], made)
        made.rename(folder)
    except subprocess.CalledProcessError as error:
        raise MistakeError(f"{' '.join(error.cmd)} failed: {error.stderr.strip()}") from None
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _run(command: list[str], folder: Path) -> None:
    subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)


def _is_in_repository(folder: Path) -> bool:
    command = ["git", "rev-parse", "--is-inside-work-tree"]
    return subprocess.run(command, cwd=folder, capture_output=True, check=False).returncode == 0


if __name__ == "__main__":
    main()
