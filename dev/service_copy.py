"""A copy of the service that tests and benchmarks can deploy, invoke and change."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from dev.cloud import Cloud
from dev.serverless import serverless
from dev.service import ROOT, STAGE

# Stages other than `local` need Python 3.13. This packages them for the Python of this machine.
THIS_PYTHON = f"--param=runtime=python{sys.version_info[0]}.{sys.version_info[1]}"
PACKAGE_FOLDERS = [".venv", "node_modules"]
# Each pytest-xdist worker has its own caches, apart from those of `npm start`:
# serverless-python-requirements must not fill one cache twice at once.
CACHE = ROOT / ".cache/tests" / os.environ.get("PYTEST_XDIST_WORKER", "alone")


class ServiceCopy:
    """A copy of every file that git tracks or would track, with links to this clone's packages.

        service = ServiceCopy(Path("a-folder"))
        service.run(cloud, "deploy")

    The folder must exist and be empty.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        listing = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
        names = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=True)
        for name in filter(None, names.stdout.split("\0")):
            if (ROOT / name).is_file():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, folder / name)
        (folder / ".cache").mkdir()
        for name in ("bundle", "requirements"):
            (CACHE / name).mkdir(parents=True, exist_ok=True)
            (folder / ".cache" / name).symlink_to(CACHE / name)
        for name in PACKAGE_FOLDERS:
            (folder / name).symlink_to(ROOT / name)
        shutil.copy(ROOT / ".machine.json", folder)

    def run(self, cloud: Cloud, *arguments: str) -> str:
        """Run a `serverless` command against a cloud, and return its standard output.

        The stage is `local` unless the arguments name another.

        Raises:
            AssertionError: the command failed.
        """
        stage = [] if "--stage" in arguments else ["--stage", STAGE]
        result = serverless(cloud, self.folder, *arguments, *stage)
        assert result.returncode == 0, result.stdout + result.stderr
        return result.stdout

    def invoke_local(self, *arguments: str, **environment: str) -> str:
        """Run `serverless invoke local` as a person would type it, and return its standard output.

        No virtual environment is activated, and no AWS variable is set but those given.
        """
        plain = {key: value for key, value in os.environ.items() if not key.startswith("AWS_")}
        plain.pop("VIRTUAL_ENV", None)
        result = subprocess.run(
            ["node_modules/.bin/serverless", "invoke", "local", *arguments],
            cwd=self.folder,
            env={**plain, **environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=True,
        )
        return result.stdout
