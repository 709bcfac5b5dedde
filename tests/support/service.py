"""A copy of the service to deploy, invoke and change, with this clone's environment."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from dev.cloud import ROOT, Cloud, serverless
from dev.service import STAGE

# On a machine without Python 3.13 other stages package for the one it has.
THIS_PYTHON = f"--param=runtime=python{sys.version_info[0]}.{sys.version_info[1]}"
ENVIRONMENT = [".venv", "node_modules"]
# Not that of an npm start, nor of another process of pytest-xdist: they may be filling it.
CACHE = ROOT / ".cache/tests" / os.environ.get("PYTEST_XDIST_WORKER", "alone")


class Service:
    """The files that git tracks, or would, in a folder of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        listing = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
        names = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=True)
        for name in filter(None, names.stdout.split("\0")):
            if (ROOT / name).is_file():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, folder / name)
        (folder / ".cache").mkdir()
        for name in ("bundle", "requirements"):  # Not what a local cloud keeps.
            (CACHE / name).mkdir(parents=True, exist_ok=True)
            (folder / ".cache" / name).symlink_to(CACHE / name)
        for name in ENVIRONMENT:
            (folder / name).symlink_to(ROOT / name)
        shutil.copy(ROOT / ".machine.json", folder)

    def run(self, cloud: Cloud, *arguments: str) -> str:
        """Return what a `serverless` command, which must succeed, prints to standard output."""
        stage = [] if "--stage" in arguments else ["--stage", STAGE]
        result = serverless(cloud, self.folder, *arguments, *stage)
        assert result.returncode == 0, result.stdout + result.stderr
        return result.stdout

    def invoke_local(self, *arguments: str, **environment: str) -> str:
        """Return what a plain `serverless invoke local` prints, with no environment activated."""
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
