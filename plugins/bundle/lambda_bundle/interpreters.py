"""Finds an interpreter of the version of Python that a function runs on."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

TIMEOUT_S = 30
OLDEST = 11  # The minor version of the oldest Python 3 that the bundler runs on.
ASK_VERSION = "import sys; print('python%d.%d' % sys.version_info[:2])"


def find_python(runtime: str) -> str | None:
    """Return the path of an interpreter for a runtime such as "python3.13", or None.

    It looks at virtual environments here, the PATH, and what pyenv and uv have installed.
    """
    return next((path for path in _list_candidates(runtime) if read_runtime(path) == runtime), None)


def is_supported(runtime: str) -> bool:
    """Whether the bundler runs on the version of a runtime such as "python3.13"."""
    minor = runtime.removeprefix("python3.")
    return minor.isdigit() and int(minor) >= OLDEST


def read_runtime(python: str) -> str | None:
    """Return the name of the runtime that an interpreter is for, or None if it does not run."""
    try:
        run = subprocess.run(
            [python, "-I", "-c", ASK_VERSION],
            capture_output=True,
            text=True,
            timeout=TIMEOUT_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return run.stdout.strip() if run.returncode == 0 else None


def _list_candidates(runtime: str) -> Iterator[str]:
    active = os.environ.get("VIRTUAL_ENV")
    for folder in [*([Path(active)] if active else []), Path(".venv"), Path("venv")]:
        if (folder / "bin/python").exists():
            yield str(folder.absolute() / "bin/python")
    for place in os.get_exec_path():
        if path := shutil.which(runtime, path=place):
            yield path
    version = runtime.removeprefix("python")
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    uv = Path(os.environ.get("XDG_DATA_HOME", Path.home() / ".local/share")) / "uv/python"
    for found in (*pyenv.glob(f"versions/{version}.*"), *uv.glob(f"cpython-{version}.*")):
        yield str(found / "bin/python3")
