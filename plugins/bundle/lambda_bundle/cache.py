"""A cache of artifacts, so that a build makes only those that have changed."""

import contextlib
import hashlib
import os
import shutil
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

try:
    import fcntl
except ImportError:  # Windows, where nothing is deleted from the cache.
    fcntl = None  # type: ignore[assignment]

ENTRIES_MAX = 50  # Of a few MB each.
SIZES = "sizes"  # The file of an entry that has the sizes of the others.


class Cache:
    """A folder with an entry for each artifact, which is a folder, too.

    Processes may share it. Each holds a shared lock while it uses the cache. The last one to leave
    deletes the least recently used entries:

        with Cache(Path(".cache/bundle")) as cache:
            files = cache.read(key)
            if not files:
                files = {"artifact.zip": b"..."}
                cache.add(key, files)

    A cache that cannot be used, because the disk is full or the folder is read-only, is as good as
    an empty one. So is one whose folder is None.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._used: set[Path] = set()
        self._lock: int | None = None

    def __enter__(self) -> Self:
        with contextlib.suppress(OSError):
            if self._folder:
                self._folder.mkdir(parents=True, exist_ok=True)
                if fcntl:
                    self._lock = os.open(self._folder, os.O_RDONLY)
                    fcntl.flock(self._lock, fcntl.LOCK_SH)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._lock is None:
            return
        try:
            with contextlib.suppress(OSError):  # Such as that another process uses the cache.
                fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                self._evict()
        finally:
            os.close(self._lock)

    def read(self, key: str) -> dict[str, bytes] | None:
        """Return the files of a key's entry, contents by name, or None if it has no whole one."""
        if not self._folder:
            return None
        entry = self._entry(key)
        self._used.add(entry)
        try:
            os.utime(entry)
            files = {path.name: path.read_bytes() for path in entry.iterdir()}
        except OSError:
            return None
        is_whole = files.pop(SIZES, None) == _describe_sizes(files)
        return files if is_whole else None

    def add(self, key: str, files: dict[str, bytes]) -> None:
        """Add an entry with these files, contents by name: all of them or none."""
        if not self._folder:
            return
        with contextlib.suppress(OSError):
            unfinished = Path(tempfile.mkdtemp(dir=self._folder))
            try:
                for name, content in {**files, SIZES: _describe_sizes(files)}.items():
                    (unfinished / name).write_bytes(content)
                self._move(unfinished, self._entry(key))
            finally:
                shutil.rmtree(unfinished, ignore_errors=True)

    def _entry(self, key: str) -> Path:
        """Return the folder of a key's entry, which may not exist."""
        assert self._folder
        return self._folder / hashlib.sha256(key.encode()).hexdigest()

    def _move(self, unfinished: Path, entry: Path) -> None:
        """Move a finished entry to its place, unless another process has added the same."""
        self._used.add(entry)
        try:
            unfinished.rename(entry)
        except OSError:  # There is one. It may be what a full disk left of an entry.
            broken = Path(tempfile.mkdtemp(dir=self._folder))
            entry.rename(broken / "entry")
            shutil.rmtree(broken, ignore_errors=True)
            unfinished.rename(entry)

    def _evict(self) -> None:
        """Delete the oldest entries; folders that a crash left unfinished grow old, too.

        What cannot be deleted, such as a stray file, stays: it must not make a build fail.
        """
        assert self._folder
        oldest_first = sorted(self._folder.iterdir(), key=lambda entry: entry.lstat().st_mtime)
        for entry in oldest_first[:-ENTRIES_MAX]:
            if entry not in self._used:
                shutil.rmtree(entry, ignore_errors=True)


def _describe_sizes(files: dict[str, bytes]) -> bytes:
    return "".join(f"{name} {len(files[name])}\n" for name in sorted(files)).encode()
