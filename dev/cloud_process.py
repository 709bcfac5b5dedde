"""The process that a `dev.cloud.Cloud` lives in: ministack, ending with its standard input."""

import atexit
import os
import shutil
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any

from ministack import app

from dev.brought import SDK, folder_of
from dev.call_log import log_calls
from dev.cloud import base_python
from dev.emulator import mend
from dev.guard import Application, Guard, Message, Receive, Send
from dev.reports import report_to

RUNTIME = Path(__file__).parent / "runtime"
SAVE_INTERVAL_S = 2


def main(folder: str) -> None:
    """Serve until standard input ends; its first line is the secret."""
    secret = sys.stdin.readline().strip()
    # Functions run on the interpreter without this project's packages: what is neither in the
    # artifact nor brought by AWS's runtime is missing, as it would be on Lambda.
    sys.executable = base_python()
    os.environ["PYTHONPATH"] = f"{RUNTIME}{os.pathsep}{folder_of(SDK)}"
    mend(secret)
    report_to(Path(folder, "reports.jsonl"))
    if calls_log := os.environ.pop("CALLS_LOG", None):  # Functions see nothing of it.
        log_calls(Path(calls_log))
    app.app = Guard(save_often(app.app), secret)
    threading.Thread(target=stop_with_owner, args=[folder], daemon=True).start()
    app.main()


def save_often(cloud: Application) -> Application:
    """Save what is to be kept soon after each request, too, and not only when all went well."""
    lock, has_changed = threading.Lock(), threading.Event()
    save_all = app.save_all

    def save_alone(services: dict[str, Any]) -> None:
        with lock:  # At the end ministack saves by itself.
            save_all(services)

    def save_when_changed() -> None:
        while has_changed.wait():
            has_changed.clear()
            save_alone(app._build_persistence_save_dict())  # noqa: SLF001
            time.sleep(SAVE_INTERVAL_S)

    async def note_and_serve(scope: Message, receive: Receive, send: Send) -> None:
        await cloud(scope, receive, send)
        has_changed.set()

    if not app.PERSIST_STATE:
        return cloud
    app.save_all = save_alone
    threading.Thread(target=save_when_changed, daemon=True).start()
    return note_and_serve


def stop_with_owner(folder: str) -> None:
    """End this process when its owner closes standard input, or is no more."""
    sys.stdin.read()
    # Nobody is left to read the log, or has read it.
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main(sys.argv.pop())
