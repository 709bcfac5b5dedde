"""The process that a `dev.cloud.Cloud` lives in: ministack, ending with its standard input."""

import atexit
import os
import shutil
import signal
import sys
import threading
from pathlib import Path

from ministack.app import main

from dev.cloud import base_python

RUNTIME = Path(__file__).parent / "runtime"


def _stop_with_owner(folder: str) -> None:
    sys.stdin.buffer.read()
    # Nobody is left to read the log, or has read it.
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    # Functions run on the interpreter without this project's packages: what is not in the artifact
    # is missing, as it would be on Lambda.
    sys.executable = base_python()
    os.environ["PYTHONPATH"] = str(RUNTIME)
    threading.Thread(target=_stop_with_owner, args=[sys.argv.pop()], daemon=True).start()
    main()
