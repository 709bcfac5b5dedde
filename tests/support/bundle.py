"""What index.js asks plugins/bundle for."""

import json
import sys
import zipfile
from pathlib import Path
from typing import Any

from dev.cloud import ROOT

RUNTIME = f"python{sys.version_info[0]}.{sys.version_info[1]}"
DESCRIBED = {"name": "lucky_numbers", "handler": "handler.lucky_numbers", "runtime": RUNTIME}


def ask(artifact: Path, folder: Path, **function: Any) -> dict[str, Any]:
    """Return what index.js asks for: `lucky_numbers`, but for what is said of the function."""
    return {
        "artifact": str(artifact),
        "output": str(folder / "output"),
        "cache": str(folder / "cache"),
        "functions": [{**DESCRIBED, "architecture": machine(), **function}],
    }


def machine() -> str:
    """Return this machine's architecture, as Lambda calls it."""
    noted: dict[str, str] = json.loads((ROOT / ".machine.json").read_text())
    return noted["architecture"]


def request_for(tmp_path: Path, files: dict[str, str], **function: Any) -> dict[str, Any]:
    """Return what index.js would ask for, of a service with just these files and a handler."""
    artifact = tmp_path / "service.zip"
    with zipfile.ZipFile(artifact, "w") as archive:
        for path, text in files.items():
            handler = "\n\ndef f(event, context): ...\n" if path == "handler.py" else ""
            archive.writestr(path, text + handler)
    described = {"name": "f", "handler": "handler.f", "architecture": "arm64"}
    return ask(artifact, tmp_path, **{**described, **function})
