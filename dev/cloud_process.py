"""The process that a `dev.cloud.Cloud` lives in: ministack, ending with its standard input."""

import atexit
import fcntl
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
ACCOUNT = "000000000000"  # ministack's.


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


def take_over(folder: Path, port: str) -> None:
    """Wait until no other process saves into that folder, and put our port into its queue URLs."""
    folder.mkdir(parents=True, exist_ok=True)
    lock = os.open(folder / "lock", os.O_CREAT | os.O_RDWR)
    fcntl.flock(lock, fcntl.LOCK_EX)  # Until this process ends.
    noted = folder / "port"
    before = noted.read_text() if noted.exists() else port
    if before != port:
        for path in folder.glob("*.json"):
            state = path.read_text(encoding="utf-8")
            queues = state.replace(f"localhost:{before}/{ACCOUNT}/", f"localhost:{port}/{ACCOUNT}/")
            replace(path, queues)
    replace(noted, port)


def replace(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    written = path.with_suffix(".new")
    written.write_text(text, encoding="utf-8")
    written.replace(path)


def save_often(cloud: Application) -> Application:
    """Save the state soon after each request, so that a crash loses little."""
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
