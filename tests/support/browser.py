"""The browser of this machine: Chromium, Chrome, or the one that CHROMIUM names."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Error, sync_playwright

NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"]
MACOS = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
# It looks nobody up, and as root it has no sandbox to run in.
QUIET = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    *(["--no-sandbox"] if os.geteuid() == 0 else []),
]


@contextmanager
def open_browser() -> Iterator[Browser]:
    """Open the browser, and close it at the end.

    Raises:
        RuntimeError: there is none; says how to get one.
    """
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, [*NAMES, MACOS])), "")
    with sync_playwright() as playwright:
        try:
            # Without a path it is Playwright's own, if that is installed.
            browser = playwright.chromium.launch(executable_path=found or None, args=QUIET)
        except Error as error:
            raise RuntimeError(
                "The widget is tested in a real browser, and there is none here: `apt install "
                "chromium`, or `.venv/bin/playwright install chromium`, or name one by CHROMIUM."
            ) from error
        yield browser
        browser.close()
