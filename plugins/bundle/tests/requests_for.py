"""Requests such as plugins/bundle/index.js makes, and packages to bundle."""

import platform
import sys
import zipfile
from collections.abc import Iterable, Mapping
from importlib.metadata import files
from pathlib import Path
from typing import Any

RUNTIME = f"python{sys.version_info[0]}.{sys.version_info[1]}"
FUNCTION = {
    "name": "lucky_numbers",
    "handler": "handler.lucky_numbers",
    "runtime": RUNTIME,
}


def request_for_package(package: Path, folder: Path, **function: Any) -> dict[str, Any]:
    """Return a request for `lucky_numbers`, with the settings in `function` changed."""
    return {
        "package": str(package),
        "output": str(folder / "output"),
        "cache": str(folder / "cache"),
        "functions": [{**FUNCTION, "architecture": this_architecture(), **function}],
    }


def this_architecture() -> str:
    """Return Lambda's name of this machine's architecture."""
    return "arm64" if platform.machine() in ("arm64", "aarch64") else "x86_64"


def request_for(
    tmp_path: Path, contents: Mapping[str, str | bytes], **function: Any
) -> dict[str, Any]:
    """Return a request for the function `handler.f` of a service with these files, texts by path.

    The function itself is added to `handler.py`.
    """
    package = tmp_path / "service.zip"
    with zipfile.ZipFile(package, "w") as archive:
        for path, content in contents.items():
            text = content.encode() if isinstance(content, str) else content
            added = b"\n\ndef f(event, context): ...\n" if path == "handler.py" else b""
            archive.writestr(path, text + added)
    default = {"name": "f", "handler": "handler.f", "architecture": "arm64"}
    return request_for_package(package, tmp_path, **{**default, **function})


def read_artifact(made: dict[str, Any]) -> dict[str, bytes]:
    """Return the files of an artifact, contents by path, from a result of `make_bundles`."""
    with zipfile.ZipFile(made["artifact"]) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def installed(*names: str) -> dict[str, str | bytes]:
    """Return the files of distributions that this interpreter has, as a package contains them."""
    return {
        str(path): Path(str(path.locate())).read_bytes()
        for name in names
        for path in files(name) or ()
        if not str(path).startswith("..") and "__pycache__" not in str(path)
    }


def distribution(
    name: str,
    *other_files: str,
    requires: Iterable[str] = (),
    version: str = "1",
    code: str = "",
) -> dict[str, str | bytes]:
    """Return the files of a distribution with one module, and the metadata of others."""
    folder = name.replace("-", "_")
    info = f"{folder}-{version}.dist-info"
    paths = [f"{folder}/__init__.py", f"{info}/METADATA", f"{info}/RECORD", *other_files]
    metadata = [f"Name: {name}", f"Version: {version}"]
    metadata += [f"Requires-Dist: {each}" for each in requires]
    return {
        f"{folder}/__init__.py": code,
        f"{info}/METADATA": "\n".join(metadata) + "\n",
        f"{info}/RECORD": "".join(f"{path},,\n" for path in paths),
    }


def declare_size(package: Path, path: str, size_bytes: int) -> None:
    """Have the directory of a zip say that one of its files has another size."""
    with zipfile.ZipFile(package, "a") as archive:
        archive.getinfo(path).file_size = size_bytes
        archive.writestr("last", "")  # The directory is written again.
