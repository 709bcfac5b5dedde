"""What a function writes to standard output and standard error, line by line."""

import codecs
import os
import select
import threading
from collections.abc import Callable
from io import IncrementalNewlineDecoder
from typing import IO

CHUNK_BYTES = 64 * 1024


class FunctionOutput:
    r"""Reads a pipe, and calls `report` with each line as soon as it is complete.

    Bytes that are not UTF-8 become escapes such as `\xff`.
    """

    def __init__(self, pipe: IO[bytes], report: Callable[[str], None]) -> None:
        self._pipe = pipe
        self._report = report
        self._decoder = IncrementalNewlineDecoder(
            codecs.getincrementaldecoder("utf-8")("backslashreplace"), translate=True
        )
        self._unfinished = ""
        self._lines: list[str] = []
        self._has_ended = False
        self._lock = threading.Lock()
        os.set_blocking(pipe.fileno(), False)
        threading.Thread(target=self._follow, daemon=True).start()

    def take(self) -> list[str]:
        """Return the lines since the last call. The last one may be unfinished.

        What was written before the call is included, without a wait for the thread that reads.
        """
        with self._lock:
            self._read()
            self._end_line()
            lines, self._lines = self._lines, []
            return lines

    def _follow(self) -> None:
        poll = select.poll()  # Unlike select.select, it takes any number of open files.
        poll.register(self._pipe, select.POLLIN)
        while not self._has_ended:
            poll.poll()
            with self._lock:
                self._read()
        self._pipe.close()

    def _read(self) -> None:
        """Read what there is. The lock must be held."""
        while not self._has_ended:
            try:
                chunk = os.read(self._pipe.fileno(), CHUNK_BYTES)
            except BlockingIOError:
                return
            if chunk:
                *lines, self._unfinished = self._decode(chunk).split("\n")
                self._add(*lines)
            else:
                self._has_ended = True
                self._end_line()

    def _decode(self, chunk: bytes, *, final: bool = False) -> str:
        return self._unfinished + self._decoder.decode(chunk, final)

    def _end_line(self) -> None:
        if line := self._decode(b"", final=True):
            self._unfinished = ""
            self._add(line)

    def _add(self, *lines: str) -> None:
        self._lines += lines
        for line in lines:
            self._report(line)
