"""The process that a `dev.cloud.Cloud` lives in: ministack, ending with its standard input."""

import atexit
import os
import shutil
import signal
import sys
import threading
from pathlib import Path

from ministack.app import main

from dev.brought import SDK, folder_of
from dev.cloud import base_python

RUNTIME = Path(__file__).parent / "runtime"


def _stop_with_owner(folder: str) -> None:
    sys.stdin.buffer.read()
    # Nobody is left to read the log, or has read it.
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    # Functions run on the interpreter without this project's packages: what is neither in the
    # artifact nor brought by AWS's runtime is missing, as it would be on Lambda.
    sys.executable = base_python()
    os.environ["PYTHONPATH"] = f"{RUNTIME}{os.pathsep}{folder_of(SDK)}"
    threading.Thread(target=_stop_with_owner, args=[sys.argv.pop()], daemon=True).start()
    main()
