"""What the local cloud keeps from one start to the next: saved often, by one process at a time."""

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
