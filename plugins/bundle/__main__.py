"""`python -m plugins.bundle`: runs command.py in an environment that makes builds reproducible.

Only a new process can have another hash seed. This is the one place that sets the environment, so
callers start the module as they like.
"""

import os
import sys

# Settings of the shell, such as PYTHONOPTIMIZE, would change the bytecode of artifacts.
CLEAN = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
SETTINGS = {
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONHASHSEED": "0",  # Sets, and what is written from them, are always in the same order.
}

if __name__ == "__main__":
    command = [sys.executable, "-m", "plugins.bundle.command"]
    os.execve(sys.executable, command, CLEAN | SETTINGS)
