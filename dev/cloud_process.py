"""The process that a `dev.cloud.Cloud` lives in: ministack, ending with its standard input."""

import atexit
import os
import shutil
import signal
import sys
import threading
from pathlib import Path

from ministack import app

from dev.brought import SDK, folder_of
from dev.call_log import log_calls
from dev.cloud import base_python
from dev.emulator import mend
from dev.guard import Guard
from dev.reports import report_to
from dev.state import save_often, take_over

RUNTIME = Path(__file__).parent / "runtime"


def main(folder: str) -> None:
    """Serve until standard input ends; its first line is the secret."""
    secret = sys.stdin.readline().strip()
    # Functions run on the interpreter without this project's packages: what is neither in the
    # artifact nor brought by AWS's runtime is missing, as it would be on Lambda.
    sys.executable = base_python()
    os.environ["PYTHONPATH"] = f"{RUNTIME}{os.pathsep}{folder_of(SDK)}"
    if app.PERSIST_STATE:
        take_over(Path(os.environ["STATE_DIR"]), os.environ["GATEWAY_PORT"])
    mend(secret)
    report_to(Path(folder, "reports.jsonl"))
    if calls_log := os.environ.pop("CALLS_LOG", None):  # Functions see nothing of it.
        log_calls(Path(calls_log))
    app.app = Guard(save_often(app.app), secret)
    threading.Thread(target=stop_with_owner, args=[folder], daemon=True).start()
    app.main()


def stop_with_owner(folder: str) -> None:
    """End this process when its owner closes standard input, or is no more."""
    sys.stdin.read()
    # Nobody is left to read the log, or has read it.
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main(sys.argv.pop())
