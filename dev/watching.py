"""The service's files, watched: which ones were saved, as soon as they were."""

import contextlib
import queue
import threading
from pathlib import Path

from watchfiles import DefaultFilter, watch
from watchfiles.main import FileChange

# Nothing in these is deployed.
IGNORED = {"bench", "dev", "node_modules", "tests"}


class Watch:
    """Watches a folder's own files, and all below its folders but those that are ignored."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._saved: queue.Queue[set[Path]] = queue.Queue()
        self._folders_changed = threading.Event()
        for target in (self._watch_files, self._watch_folders):
            threading.Thread(target=target, daemon=True).start()

    def wait(self, timeout_s: float) -> set[Path]:
        """Return the paths, within the folder, that were saved at once; empty after the timeout."""
        saved: set[Path] = set()
        with contextlib.suppress(queue.Empty):
            saved |= self._saved.get(timeout=timeout_s)
            while True:
                saved |= self._saved.get_nowait()
        return saved

    def _watch_files(self) -> None:
        known = set(list_folders(self._folder))
        for changes in watch(self._folder, watch_filter=DefaultFilter(), recursive=False):
            folders = set(list_folders(self._folder))
            # One that was replaced by another of its name is a new one, too.
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
        saved = {Path(path).relative_to(self._folder) for _, path in changes}
        # Hidden files are editors', set-up's and serverless's own.
        saved = {path for path in saved if not any(part[0] == "." for part in path.parts)}
        if saved:
            self._saved.put(saved)


def list_folders(folder: Path) -> list[Path]:
    """Return the folders within a folder that hold what is deployed, or deploys it."""
    return sorted(
        path
        for path in folder.iterdir()
        if path.is_dir() and path.name not in IGNORED and not path.name.startswith((".", "__"))
    )
