"""The function's log.

Lambda gives the runtime a file descriptor for it, on which each message has a frame: its type, its
length in bytes, and the time in microseconds, as big-endian integers of 4, 4 and 8 bytes. Without
one, the log is standard output.
"""

import sys
import time
from os import environ

TEXT, JSON = 0xA55A0003, 0xA55A0002  # Types of frames. A level is added.
ERROR_LEVEL = 0x14


class LogSink:
    """The log, with its settings. `request_id` and `tenant_id` are the current invocation's."""

    def __init__(self):
        self.request_id = self.tenant_id = None
        # As they are before the function changes the environment.
        self.level = environ.get("AWS_LAMBDA_LOG_LEVEL", "")
        self.is_json = environ.get("AWS_LAMBDA_LOG_FORMAT", "").upper() == "JSON"
        descriptor = environ.pop("_LAMBDA_TELEMETRY_LOG_FD", None)
        self._file = None if descriptor is None else open(int(descriptor), "wb", 0)

    def log(self, message, frame_type=TEXT):
        """Write a message."""
        if self._file is None:
            sys.stdout.write(message)
            return
        encoded = message.encode()
        time_us = time.time_ns() // 1000
        frame = frame_type.to_bytes(4) + len(encoded).to_bytes(4) + time_us.to_bytes(8)
        self._file.write(frame + encoded)

    def log_error(self, lines):
        """Write the lines of an error that ended the init phase or an invocation."""
        if self._file is None:
            self.log("\r".join(lines) + "\n")
        else:
            self.log("\n".join(lines), (JSON if self.is_json else TEXT) + ERROR_LEVEL)


class Unbuffered:
    """A stream that is flushed after each write."""

    def __init__(self, stream):
        self.stream = stream

    def __enter__(self):
        return self

    def __exit__(self, *_exception):
        pass

    def __getattr__(self, name):
        return getattr(self.stream, name)

    def write(self, text):
        """Write a text."""
        self.stream.write(text)
        self.stream.flush()

    def writelines(self, texts):
        """Write texts."""
        self.stream.writelines(texts)
        self.stream.flush()


class LoggingFinder:
    """Sets `logging` up as AWS's runtime client does, when something imports it."""

    def __init__(self, log):
        self._log = log

    def find_spec(self, name, _path=None, _target=None):
        """Return the spec of the standard library's `logging`, and none for other modules."""
        if name != "logging":
            return None
        from importlib.machinery import PathFinder

        sys.meta_path.remove(self)
        spec = PathFinder.find_spec(name)
        execute = spec.loader.exec_module

        def execute_and_set_up(module):
            execute(module)
            from runtime_loop import logging_setup

            logging_setup.set_up(self._log)

        spec.loader.exec_module = execute_and_set_up
        return spec
