"""A cache of artifacts, so that a build makes only those that have changed."""

import contextlib
import fcntl
import hashlib
import os
import shutil
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

ENTRIES_MAX = 50  # Of a few MB each.


class Cache:
    """A folder with an entry for each artifact, which is a folder, too.

    Processes may share it. Each holds a shared lock while it uses the cache. The last one to leave
    deletes the least recently used entries:

        with Cache(Path(".cache/bundle")) as cache:
            if not cache.has(key):
                cache.add(key, {"artifact.zip": b"..."})
            shutil.copy(cache.entry(key) / "artifact.zip", folder)
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._used: set[Path] = set()

    def __enter__(self) -> Self:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._lock = os.open(self._folder, os.O_RDONLY)
        fcntl.flock(self._lock, fcntl.LOCK_SH)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        try:
            with contextlib.suppress(BlockingIOError):  # Another process uses the cache.
                fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                self._evict()
        finally:
            os.close(self._lock)

    def entry(self, key: str) -> Path:
        """Return the folder of a key's entry, which may not exist."""
        return self._folder / hashlib.sha256(key.encode()).hexdigest()

    def has(self, key: str) -> bool:
        """Whether there is an entry for a key; marks it as used."""
        entry = self.entry(key)
        self._used.add(entry)
        if not entry.exists():
            return False
        os.utime(entry)
        return True

    def add(self, key: str, files: dict[str, bytes]) -> None:
        """Add an entry with these files, contents by name: all of them or none."""
        unfinished = Path(tempfile.mkdtemp(dir=self._folder))
        for name, content in files.items():
            (unfinished / name).write_bytes(content)
        entry = self.entry(key)
        self._used.add(entry)
        try:
            unfinished.rename(entry)
        except OSError:
            shutil.rmtree(unfinished)
            if not entry.exists():  # Otherwise another process has added the same.
                raise

    def _evict(self) -> None:
        """Delete the oldest entries; folders that a crash left unfinished grow old, too.

        What cannot be deleted, such as a stray file, stays: it must not make a build fail.
        """
        oldest_first = sorted(self._folder.iterdir(), key=lambda entry: entry.lstat().st_mtime)
        for entry in oldest_first[:-ENTRIES_MAX]:
            if entry not in self._used:
                shutil.rmtree(entry, ignore_errors=True)
