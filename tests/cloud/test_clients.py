"""Typed clients that generators make from openapi.json call every operation of the service."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from dev.openapi.__main__ import DOCUMENT
from dev.service import API_KEY, ROOT
from tests.support.conformance import OPENAPI

PROGRAMS = ROOT / "tests/support/clients"
CLIENT = "lucky_numbers_client"
BIN = ROOT / "node_modules/.bin"
REDOCLY = {"REDOCLY_SUPPRESS_UPDATE_NOTICE": "true", "REDOCLY_TELEMETRY": "off"}
# Those that the programs call. A new one need not be here: adding a function touches three places.
PACKAGES = {"claps", "hello", "items", "lucky_numbers", "orders", "web"}
OPERATIONS = [
    operation["operationId"]
    for path in OPENAPI["paths"].values()
    for operation in path.values()
    if operation["tags"][0] in PACKAGES
]


def run(folder: Path, *command: str | Path, **environment: str) -> None:
    """Run a command in a folder, which must succeed."""
    result = subprocess.run(
        command,
        cwd=folder,
        env={"PATH": os.environ["PATH"], **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.fixture(scope="module")
def python_client(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the package of the Python client."""
    folder = tmp_path_factory.mktemp("python")
    generate = ("-m", "openapi_python_client", "generate", "--meta", "none", "--fail-on-warning")
    options = ("--config", str(PROGRAMS / "python.yml"), "--output-path", CLIENT)
    run(folder, sys.executable, *generate, "--path", str(DOCUMENT), *options)
    return folder


@pytest.fixture(scope="module")
def typescript_client(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the module of the TypeScript client, and the program that uses it."""
    folder = tmp_path_factory.mktemp("typescript")
    options = ("--output", "client.ts", "--error-mode", "result", "--report", "report.json")
    run(folder, BIN / "redocly", "generate-client", str(DOCUMENT), *options, **REDOCLY)
    [report] = json.loads((folder / "report.json").read_text(encoding="utf-8"))["apis"]
    assert report["findings"] == []
    for name in ("round_trip.ts", "tsconfig.json"):
        shutil.copy(PROGRAMS / name, folder)
    (folder / "package.json").write_text('{"type": "module"}')
    return folder


@pytest.mark.parametrize("operation", OPERATIONS)
def test_both_programs_call_the_operation(operation: str) -> None:
    snake_case = re.sub(r"(?=[A-Z])", "_", operation).lower()
    python = (PROGRAMS / "round_trip.py").read_text(encoding="utf-8")
    typescript = (PROGRAMS / "round_trip.ts").read_text(encoding="utf-8")
    assert f"{snake_case}.sync" in python
    assert f"client.{operation}(" in typescript


def test_the_python_client_is_typed(python_client: Path) -> None:
    mypy = ("-m", "mypy", "--config-file", str(PROGRAMS / "mypy.ini"), "--cache-dir", ".mypy_cache")
    program = str(PROGRAMS / "round_trip.py")
    run(python_client, sys.executable, *mypy, CLIENT, program, MYPYPATH=f"{python_client}:{ROOT}")


def test_the_python_client_calls_every_operation(python_client: Path, api_url: str) -> None:
    command = (sys.executable, "-W", "error", str(PROGRAMS / "round_trip.py"), api_url, API_KEY)
    run(python_client, *command, PYTHONPATH=f"{python_client}:{ROOT}")


def test_the_typescript_client_calls_every_operation(typescript_client: Path, api_url: str) -> None:
    run(typescript_client, BIN / "tsc", "--project", ".")
    run(typescript_client, "node", "compiled/round_trip.js", api_url, API_KEY)
