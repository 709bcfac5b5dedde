"""Services of strangers, packaged by Serverless with the plugin."""

import base64
import hashlib
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from requests_for import RUNTIME

NODE_MODULES = Path(__file__).parents[3] / "node_modules"
HANDLER = "def f(event, context):\n    return 1\n"
REQUIREMENTS = "serverless-python-requirements"
PLUGINS = [REQUIREMENTS, "lambda-bundle"]


class Service:
    """A service in a folder of its own: the files that a test gives it.

    It is configured by a dict, the content of its serverless.yml. Requirements are installed from
    the wheels of `add_wheel`, not from PyPI.
    """

    def __init__(self, folder: Path, **configuration: Any) -> None:
        (folder / "node_modules").symlink_to(NODE_MODULES)
        self.folder = folder / "shop"
        self.folder.mkdir()
        custom = configuration.pop("custom", {})
        requirements = {
            "pythonBin": sys.executable,
            "pipCmdExtraArgs": ["--no-index", f"--find-links {folder / 'wheels'}"],
            "cacheLocation": str(folder / "pip-cache"),
            **custom.get("pythonRequirements", {}),
        }
        bundle = {"cache": str(folder / "cache"), **custom.get("bundle", {})}
        self.configuration: dict[str, Any] = {
            "service": "shop",
            "provider": {"name": "aws", "runtime": RUNTIME, "architecture": "arm64"},
            "plugins": PLUGINS,
            "functions": {"f": {"handler": "handler.f"}},
            **configuration,
            "custom": {**custom, "bundle": bundle, "pythonRequirements": requirements},
        }
        self.write("handler.py", HANDLER)

    def write(self, path: str, text: str) -> None:
        """Write a file of the service."""
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def add_wheel(self, name: str, text: str = "") -> None:
        """Make a wheel of one module, and require it."""
        info = f"{name}-1.dist-info"
        files = {
            f"{name}.py": text,
            f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1\n",
            f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        }
        lines = [
            f"{path},sha256={_digest(content)},{len(content)}" for path, content in files.items()
        ]
        files[f"{info}/RECORD"] = "\n".join([*lines, f"{info}/RECORD,,"]) + "\n"
        wheels = self.folder.parent / "wheels"
        wheels.mkdir(exist_ok=True)
        with zipfile.ZipFile(wheels / f"{name}-1-py3-none-any.whl", "w") as wheel:
            for path, content in files.items():
                wheel.writestr(path, content)
        with (self.folder / "requirements.txt").open("a") as requirements:
            requirements.write(f"{name}==1\n")

    def serverless(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run the CLI, with the interpreter of the tests as that of the active environment."""
        # YAML contains JSON.
        self.write("serverless.yml", json.dumps(self.configuration))
        return subprocess.run(
            ["node", str(NODE_MODULES / "serverless/bin/serverless.js"), *arguments],
            cwd=self.folder,
            env={
                **os.environ,
                "AWS_ACCESS_KEY_ID": "test",
                "AWS_SECRET_ACCESS_KEY": "test",
                "VIRTUAL_ENV": sys.prefix,
                **environment,
            },
            capture_output=True,
            text=True,
            check=False,
        )

    def package(self, *arguments: str, **environment: str) -> str:
        """Package the service; return what that prints."""
        result = self.serverless("package", *arguments, **environment)
        if result.returncode != 0:
            pytest.fail(result.stdout + result.stderr)
        return result.stdout + result.stderr

    def fail(self) -> str:
        """Return what packaging prints, which must fail."""
        result = self.serverless("package")
        assert result.returncode == 1
        return result.stdout + result.stderr

    @property
    def resources(self) -> dict[str, Any]:
        """The resources of the compiled template."""
        template = self.folder / ".serverless/cloudformation-template-update-stack.json"
        resources: dict[str, Any] = json.loads(template.read_text())["Resources"]
        return resources

    @property
    def report(self) -> dict[str, Any]:
        """The report beside the artifacts."""
        report: dict[str, Any] = json.loads(
            (self.folder / ".serverless/bundle/report.json").read_text()
        )
        return report

    def deployed(self, name: str = "f") -> dict[str, bytes]:
        """Return the files of the artifact that a deploy would upload, contents by path."""
        state = json.loads((self.folder / ".serverless/serverless-state.json").read_text())
        function = state["service"]["functions"][name]
        artifact = function["package"].get("artifact", ".serverless/shop.zip")
        return read_zip(self.folder / artifact)


def read_zip(path: Path) -> dict[str, bytes]:
    """Return the files of a zip, contents by path."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist() if name[-1] != "/"}


def bytecode_of(path: str) -> str:
    """Return where the bytecode of a Python file is."""
    file = Path(path)
    return str(file.with_name("__pycache__") / f"{file.stem}.{sys.implementation.cache_tag}.pyc")


def _digest(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
