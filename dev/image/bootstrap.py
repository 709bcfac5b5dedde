"""A likeness of /var/runtime/bootstrap.py in the images of Lambda's managed Python runtimes.

It imports what that imports, puts the same folders on `sys.path`, and starts AWS's runtime client.
Where the images have an absolute path such as /opt, this has one below the root of the likeness.
"""

# ruff: noqa: F401 - The original imports these modules, and cold starts pay for it.
# ruff: noqa: INP001 - It is a script.

import json
import logging
import os
import site
import sys
import time
import traceback
import warnings

from awslambdaric import __main__ as awslambdaricmain  # type: ignore[import-untyped]

ROOT = os.environ["LAMBDA_RUNTIME_DIR"].removesuffix("/var/runtime")
PYTHON = f"python{sys.version_info[0]}.{sys.version_info[1]}"
TASK_ROOT = os.environ["LAMBDA_TASK_ROOT"]
LAYERS = [f"{ROOT}/opt/python/lib/{PYTHON}/site-packages", f"{ROOT}/opt/python"]


def main() -> None:
    """Run the function."""
    has_python_path = "PYTHONPATH" in os.environ
    layers = [] if has_python_path else LAYERS
    if not has_python_path:
        sys.path[:0] = [*layers, f"{ROOT}/var/lang/lib/{PYTHON}/site-packages"]
    sys.path.insert(0, TASK_ROOT)
    for folder in (TASK_ROOT, *layers):
        site.addsitedir(folder)  # Reads its .pth files.
    if not has_python_path:
        os.environ["PYTHONPATH"] = os.environ["LAMBDA_RUNTIME_DIR"]
    awslambdaricmain.main([TASK_ROOT, os.environ["_HANDLER"]])


if __name__ == "__main__":
    main()
