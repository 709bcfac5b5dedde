"""`python -m lambda_bundle`: runs command.py with settings that make builds reproducible.

Python reads PYTHONHASHSEED only when it starts, so this replaces its process by a new one. Callers
need not set or unset any PYTHON* variable.
"""

import os
import sys

SETTINGS = {
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONHASHSEED": "0",  # Sets, and what is written from them, are always in the same order.
}

if __name__ == "__main__":
    # The shell's own settings, such as PYTHONOPTIMIZE, would change the bytecode of artifacts.
    inherited = {name: value for name, value in os.environ.items() if name[:6] != "PYTHON"}
    command = [sys.executable, "-m", "lambda_bundle.command"]
    os.execve(sys.executable, command, inherited | SETTINGS)
