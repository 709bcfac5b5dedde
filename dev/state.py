"""The state that the local cloud keeps from one start to the next.

It is saved often, and by one process at a time.
"""

import fcntl
import os
import threading
import time
from pathlib import Path
from typing import Any

from ministack import app

from dev.guard import Application, Message, Receive, Send

SAVE_INTERVAL_S = 2
ACCOUNT = "000000000000"  # ministack's.


def take_over(folder: Path, port: str) -> None:
    """Wait until no other process uses the state folder, and put our port into its queue URLs."""
    folder.mkdir(parents=True, exist_ok=True)
    lock = os.open(folder / "lock", os.O_CREAT | os.O_RDWR)
    fcntl.flock(lock, fcntl.LOCK_EX)  # Released when this process ends.
    port_file = folder / "port"
    old_port = port_file.read_text() if port_file.exists() else port
    if old_port != port:
        for path in folder.glob("*.json"):
            state = path.read_text(encoding="utf-8")
            moved = state.replace(
                f"localhost:{old_port}/{ACCOUNT}/", f"localhost:{port}/{ACCOUNT}/"
            )
            replace(path, moved)
    replace(port_file, port)


def replace(path: Path, text: str) -> None:
    """Write a file, completely or not at all."""
    new = path.with_suffix(".new")
    new.write_text(text, encoding="utf-8")
    new.replace(path)


def save_often(cloud: Application) -> Application:
    """Return an application that serves `cloud`, and saves its state soon after each request.

    So a crash loses little.
    """
    lock, has_changed = threading.Lock(), threading.Event()
    save_all = app.save_all

    def save_under_lock(services: dict[str, Any]) -> None:
        with lock:  # When ministack ends, it saves from another thread.
            save_all(services)

    def save_when_changed() -> None:
        while has_changed.wait():
            has_changed.clear()
            save_under_lock(app._build_persistence_save_dict())  # noqa: SLF001
            time.sleep(SAVE_INTERVAL_S)

    async def serve_and_note(scope: Message, receive: Receive, send: Send) -> None:
        await cloud(scope, receive, send)
        has_changed.set()

    if not app.PERSIST_STATE:
        return cloud
    app.save_all = save_under_lock
    threading.Thread(target=save_when_changed, daemon=True).start()
    return serve_and_note
