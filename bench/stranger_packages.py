"""The services of bench/strangers/, packaged as usual, and bundled as lambda-bundle's README says.

They are written as strangers write theirs: `library` is FastAPI under the Serverless Framework,
`payments` is Powertools under AWS SAM, and `shipping` is plain pydantic under the Serverless
Framework with `package: individually: true`.
"""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from bench.candidates import LOOP, PEERS, invalidate_bytecode, unzip
from dev.lambda_python import base_python
from dev.service import ROOT
from dev.service_copy import CACHE, PACKAGE_FOLDERS

STRANGERS = PEERS.with_name("strangers")
# What a stranger does after `npm install --save-dev lambda-bundle`.
PLUGIN, BOTH_PLUGINS = (
    "  - serverless-python-requirements\n",
    "  - serverless-python-requirements\n  - lambda-bundle\n",
)
WITH_LOOP = "\ncustom:\n  bundle:\n    runtimeLoop: true\n"
RUNTIME = f"python{sys.version_info[0]}.{sys.version_info[1]}"
SAM_ENVIRONMENT = {"POWERTOOLS_SERVICE_NAME": "payments", "POWERTOOLS_LOG_LEVEL": "INFO"}
PYTHON_OF_LAMBDA = "/var/lang/bin/python3"
SAM_HANDLER = "app.lambda_handler"


@dataclass(frozen=True)
class Packaging:
    """A way to package a service."""

    name: str
    is_bundled: bool = True
    has_loop: bool = False


USUAL = Packaging("as usually packaged", is_bundled=False)
BUNDLED = Packaging("bundled")
BUNDLED_WITH_LOOP = Packaging("bundled, with the runtime loop", has_loop=True)


@dataclass(frozen=True)
class PackagedFunction:
    """An unzipped artifact, with its handler and its environment variables."""

    folder: Path
    handler: str
    environment: dict[str, str]


def package_strangers(folder: Path, packaging: Packaging) -> dict[str, PackagedFunction]:
    """Package the three services in an empty folder, and return their functions by name.

    The names are those of the service and of the function: `library.api`.
    """
    return {
        **_package_with_serverless("library", folder, packaging),
        **_build_as_sam("payments", folder, packaging),
        **_package_with_serverless("shipping", folder, packaging),
    }


def _package_with_serverless(
    service: str, folder: Path, packaging: Packaging
) -> dict[str, PackagedFunction]:
    """Run `serverless package` in a copy of a service."""
    copy = folder / service
    shutil.copytree(STRANGERS / service, copy)
    for name in PACKAGE_FOLDERS:
        (copy / name).symlink_to(ROOT / name)
    settings = copy / "serverless.yml"
    text = settings.read_text().replace("runtime: python3.13", f"runtime: {RUNTIME}")
    if packaging.is_bundled:
        text = text.replace(PLUGIN, BOTH_PLUGINS) + (WITH_LOOP if packaging.has_loop else "")
    settings.write_text(text)
    _run(["node_modules/.bin/serverless", "package"], copy)
    state = json.loads((copy / ".serverless/serverless-state.json").read_text())
    provider, functions = state["service"]["provider"], state["service"]["functions"]
    packaged = {}
    for name, function in functions.items():
        artifact = function.get("package", {}).get("artifact") or state["package"]["artifact"]
        unzipped = folder / f"{service}.{name}"
        unzip(copy / ".serverless" / artifact, unzipped)
        invalidate_bytecode(unzipped)  # Of what pip has compiled, which the bundle has not.
        _run_loop_here(unzipped)
        packaged[f"{service}.{name}"] = PackagedFunction(
            unzipped,
            function["handler"],
            {**provider.get("environment", {}), **function.get("environment", {})},
        )
    return packaged


def _build_as_sam(service: str, folder: Path, packaging: Packaging) -> dict[str, PackagedFunction]:
    """Do as `sam build` does: install each function's requirements beside its code."""
    packaged = {}
    for source in sorted((STRANGERS / service / "src").iterdir()):
        built = folder / ".aws-sam" / source.name
        shutil.copytree(source, built)
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-compile"]
        _run([*pip, "--target", str(built), "-r", "requirements.txt"], built)
        unzipped = folder / f"{service}.{source.name}"
        if packaging.is_bundled:
            _run([*_bundle_command(built, unzipped), *_loop_option(packaging)], folder)
        else:
            built.rename(unzipped)
        _run_loop_here(unzipped)
        loop = LOOP if packaging.has_loop else {}
        packaged[unzipped.name] = PackagedFunction(unzipped, SAM_HANDLER, SAM_ENVIRONMENT | loop)
    return packaged


def _bundle_command(built: Path, output: Path) -> list[str]:
    machine = "arm64" if os.uname().machine in ("arm64", "aarch64") else "x86_64"
    settings = ["--handler", SAM_HANDLER, "--runtime", RUNTIME, "--architecture", machine]
    command = [sys.executable, "-m", "lambda_bundle", "build", str(built)]
    return [*command, *settings, "--output", str(output)]


def _loop_option(packaging: Packaging) -> list[str]:
    return ["--runtime-loop"] if packaging.has_loop else []


def _run_loop_here(unzipped: Path) -> None:
    """Let the runtime loop find this machine's Python, where Lambda's image has its own."""
    wrapper = unzipped / "runtime_loop/wrapper"
    if wrapper.exists():
        text = wrapper.read_text(encoding="utf-8")
        wrapper.write_text(text.replace(PYTHON_OF_LAMBDA, base_python(), 1), encoding="utf-8")


def _run(command: list[str], folder: Path) -> None:
    """Run a command as a stranger does, with the Python of an active virtual environment.

    Raises:
        RuntimeError: it failed; with its output.
    """
    environment = {
        **os.environ,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "PATH": f"{ROOT / '.venv/bin'}{os.pathsep}{os.environ['PATH']}",
        "VIRTUAL_ENV": str(ROOT / ".venv"),
        "XDG_CACHE_HOME": str(CACHE),  # serverless-python-requirements must not fill one twice.
    }
    run = subprocess.run(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if run.returncode:
        raise RuntimeError(f"{' '.join(command)}: {run.stdout}{run.stderr}")
