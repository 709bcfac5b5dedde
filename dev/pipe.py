"""A pipe that another process writes to."""

import os
import threading


class Pipe:
    """A pipe whose content is read as it comes, so that the writer never waits.

    `descriptor` is the end to write to.
    """

    def __init__(self) -> None:
        reader, self.descriptor = os.pipe()
        self._file = open(reader, "rb")  # noqa: PTH123, SIM115 (closed by `_read`)
        self._content = bytearray()
        self._has_grown = threading.Condition()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def close(self, timeout_s: float) -> bytes:
        """Close the end to write to, wait until no process has it open, and return the content.

        Raises:
            TimeoutError: a process still has it open after `timeout_s`.
        """
        os.close(self.descriptor)
        self._thread.join(timeout_s)
        if self._thread.is_alive():
            raise TimeoutError("A process that the function has started still runs.")
        return bytes(self._content)

    def wait_for(self, content: bytes, timeout_s: float) -> None:
        """Wait until the content has certain bytes.

        Raises:
            TimeoutError: it does not have them within `timeout_s`.
        """
        with self._has_grown:
            if not self._has_grown.wait_for(lambda: content in self._content, timeout_s):
                raise TimeoutError(f"Within {timeout_s} s, there was no {content!r}.")

    def _read(self) -> None:
        with self._file:
            while part := self._file.read1():
                with self._has_grown:
                    self._content += part
                    self._has_grown.notify_all()
