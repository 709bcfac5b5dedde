"""Runs command.py with settings that make builds reproducible.

Both work, also where the package is not installed, because this starts a new process that finds it
by this file's place; and Python reads PYTHONHASHSEED only when it starts:

    python -m lambda_bundle
    python node_modules/lambda-bundle/lambda_bundle

Callers need not set or unset any PYTHON* variable.
"""

import os
import subprocess
import sys

SETTINGS = {
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONHASHSEED": "0",  # Sets, and what is written from them, are always in the same order.
    "PYTHONUTF8": "1",
}


# The package is imported from this file's folder, whatever else is installed.
CODE = """
import sys
from importlib.util import module_from_spec, spec_from_file_location

location = sys.argv.pop(1)
spec = spec_from_file_location("lambda_bundle", location + "/__init__.py")
sys.modules["lambda_bundle"] = module_from_spec(spec)
spec.loader.exec_module(sys.modules["lambda_bundle"])
from lambda_bundle.command import main

main()
"""


def main() -> None:
    """Run the command in a new process, which takes the place of this one."""
    if sys.version_info < (3, 11):  # noqa: UP036 (npm cannot check it)
        sys.exit("lambda-bundle needs Python 3.11 or newer.")
    # The shell's own settings, such as PYTHONOPTIMIZE, would change the bytecode of artifacts.
    inherited = {name: value for name, value in os.environ.items() if name[:6] != "PYTHON"}
    location = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120
    # With -P, modules in the current folder, which may be a service's, do not hide those of Python.
    command = [sys.executable, "-P", "-c", CODE, location, *sys.argv[1:]]
    if sys.platform == "win32":
        sys.exit(subprocess.call(command, env={**inherited, **SETTINGS}))
    os.execve(sys.executable, command, {**inherited, **SETTINGS})


if __name__ == "__main__":
    main()
