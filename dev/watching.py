"""Watches the service's files for changes."""

import contextlib
import queue
import threading
from pathlib import Path

from watchfiles import DefaultFilter, watch
from watchfiles.main import FileChange

# Folders from which nothing is deployed.
IGNORED = {"bench", "dev", "docs", "node_modules", "ops", "tests"}


class Watch:
    """Watches the files of a folder and of its subfolders, except those in IGNORED.

    It misses changes in the first moment after it is made, or after a subfolder appears.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._changed: queue.Queue[set[Path]] = queue.Queue()
        self._folders_changed = threading.Event()
        for target in (self._watch_files, self._watch_folders):
            threading.Thread(target=target, daemon=True).start()

    def wait(self, timeout_s: float) -> set[Path]:
        """Return the files that changed, relative to the folder, or nothing after the timeout."""
        changed: set[Path] = set()
        with contextlib.suppress(queue.Empty):
            changed |= self._changed.get(timeout=timeout_s)
            while True:
                changed |= self._changed.get_nowait()
        return changed

    def _watch_files(self) -> None:
        known = set(list_folders(self._folder))
        for changes in watch(self._folder, watch_filter=DefaultFilter(), recursive=False):
            folders = set(list_folders(self._folder))
            # A folder may also be replaced by one of the same name.
            if {Path(path) for _, path in changes} & (known | folders):
                self._folders_changed.set()
            known = folders
            self._add(changes)

    def _watch_folders(self) -> None:
        while True:
            self._folders_changed.clear()
            for changes in watch(*list_folders(self._folder), stop_event=self._folders_changed):
                self._add(changes)

    def _add(self, changes: set[FileChange]) -> None:
        changed = {Path(path).relative_to(self._folder) for _, path in changes}
        # Hidden files belong to editors, set-up and serverless.
        visible = {path for path in changed if not any(part[0] == "." for part in path.parts)}
        if visible:
            self._changed.put(visible)


def list_folders(folder: Path) -> list[Path]:
    """Return the subfolders that a deploy reads."""
    return sorted(
        path
        for path in folder.iterdir()
        if path.is_dir() and path.name not in IGNORED and not path.name.startswith((".", "__"))
    )
