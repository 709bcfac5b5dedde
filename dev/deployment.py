"""Deploys the service to the local cloud, and then updates single functions."""

import functools
import hashlib
import itertools
import json
import shutil
import subprocess
import sys
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from dev.clients import aws_client
from dev.cloud import Cloud
from dev.serverless import serverless
from dev.service import ROOT, STAGE
from dev.watching import list_folders

# A change to one of these, or to a file below plugins/, needs a whole deploy.
CONFIGURATION = {
    ".machine.json",
    "package-lock.json",
    "requirements-start.txt",
    "requirements.txt",
}
CONFIGURATION_SUFFIXES = {".cjs", ".yml"}
UPLOADS_AT_ONCE = 4


class DeploymentError(Exception):
    """Raised when a deploy or an update fails. The previous version still runs."""


class Deployment:
    """The deployed service.

    `folder` keeps the package and the request of the last deploy, which updates need.
    """

    def __init__(self, cloud: Cloud, folder: Path) -> None:
        self._cloud = cloud
        self._package = folder / "package.zip"
        self._request = folder / "request.json"
        self._configuration = folder / "configuration.sha256"  # Written when a deploy is complete.
        folder.mkdir(parents=True, exist_ok=True)
        if not self._is_from_this_configuration():
            self._configuration.unlink(missing_ok=True)

    @property
    def is_stale(self) -> bool:
        """Whether a whole deploy is needed: none has succeeded with this configuration."""
        return not self._configuration.exists()

    def deploy(self) -> None:
        """Deploy the whole service.

        Raises:
            DeploymentError: `serverless` failed. The message is its output.
        """
        self._configuration.unlink(missing_ok=True)
        configuration = digest_configuration()
        result = serverless(self._cloud, ROOT, "deploy", "--stage", STAGE)
        if result.returncode != 0:
            raise DeploymentError(f"{result.stdout}{result.stderr}")
        # Copies, because `serverless package` for another stage would replace these files.
        request = ROOT / ".serverless/bundle/request.json"
        shutil.copyfile(json.loads(request.read_text())["package"], self._package)
        shutil.copyfile(request, self._request)
        self._configuration.write_text(configuration)

    def update(self) -> list[str]:
        """Bundle the current files, and update the functions whose bundle has changed.

        Returns the keys of the updated functions in serverless.yml.

        Raises:
            DeploymentError: a function cannot be bundled or updated.
        """
        request = self._read_request()
        bundles = self._bundle(request)
        try:
            return self._upload(bundles, request["names"])
        except (BotoCoreError, ClientError) as error:
            raise DeploymentError(str(error)) from error

    def _is_from_this_configuration(self) -> bool:
        try:
            deployed = self._configuration.read_text()
            names = set(self._read_request()["names"].values())
            return deployed == digest_configuration() and names <= self._digests().keys()
        except (OSError, ValueError, KeyError, BotoCoreError, ClientError):
            return False

    def _upload(self, bundles: list[Any], names: dict[str, str]) -> list[str]:
        """Update the functions whose artifact has changed, and return their keys."""
        deployed = self._digests()
        changed = {}
        for bundle in bundles:
            artifact = Path(bundle["artifact"]).read_bytes()
            if digest_artifact(artifact) != deployed.get(names[bundle["function"]]):
                changed[bundle["function"]] = artifact

        def upload(key: str) -> None:
            self._client.update_function_code(FunctionName=names[key], ZipFile=changed[key])

        with ThreadPoolExecutor(UPLOADS_AT_ONCE) as uploads:
            list(uploads.map(upload, changed))
        return list(changed)

    def _read_request(self) -> Any:
        """Return the last deploy's request to plugins/bundle, changed to read the current files."""
        request = json.loads(self._request.read_text())
        return request | {
            "package": str(self._package),
            "sources": str(ROOT),
            "output": str(self._package.with_name("bundle")),
            "cache": str(ROOT / ".cache" / "bundle"),
        }

    def _bundle(self, request: dict[str, Any]) -> list[Any]:
        result = subprocess.run(
            [sys.executable, "-m", "lambda_bundle", "request"],
            cwd=ROOT,
            input=json.dumps(request),
            capture_output=True,
            text=True,
            check=False,
        )
        if result.returncode != 0:
            raise DeploymentError(result.stderr.strip())
        bundles: list[Any] = json.loads(result.stdout)
        return bundles

    def _digests(self) -> dict[str, str]:
        """Return the digest of each deployed artifact, by the name of its function."""
        pages = self._client.get_paginator("list_functions").paginate()
        return {
            function["FunctionName"]: function["CodeSha256"]
            for page in pages
            for function in page["Functions"]
        }

    @functools.cached_property
    def _client(self) -> Any:
        return aws_client(self._cloud, "lambda")


def is_configuration(path: Path) -> bool:
    """Whether a change to a file needs a whole deploy. Its path is relative to ROOT."""
    return (
        path.name in CONFIGURATION
        or path.suffix in CONFIGURATION_SUFFIXES
        or path.parts[0] == "plugins"
    )


def digest_configuration() -> str:
    """Return a SHA-256 digest of all configuration files."""
    digest = hashlib.sha256()
    folders = [folder.rglob("*") for folder in list_folders(ROOT)]
    for path in sorted(itertools.chain(ROOT.iterdir(), *folders)):
        name = path.relative_to(ROOT)
        if is_configuration(name) and path.is_file() and "__pycache__" not in name.parts:
            digest.update(f"{name.as_posix()}\0".encode() + path.read_bytes())
    return digest.hexdigest()


def digest_artifact(artifact: bytes) -> str:
    """Return the digest of a zip in the form of Lambda's CodeSha256."""
    return b64encode(hashlib.sha256(artifact).digest()).decode()
