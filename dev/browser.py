"""The browser of tests and screenshots: the one that CHROMIUM names, or that set-up has found."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from dev.service import ROOT

NOTE = ROOT / ".cache" / "browser.json"  # Written by dev/setup/browser.mjs.
# Without these, Chromium makes requests of its own.
OFFLINE = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@contextmanager
def open_browser(note: Path = NOTE) -> Iterator[Browser]:
    """Open the browser, and close it at the end.

    Raises:
        RuntimeError: set-up has not run.
    """
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM") or _path_in(note), args=OFFLINE
        )
        yield browser
        browser.close()


def _path_in(note: Path) -> str:
    if not note.exists():
        raise RuntimeError("No browser is set up. Run `node dev/setup.mjs dev browser`.")
    path: str = json.loads(note.read_text(encoding="utf-8"))["browser"]
    return path
