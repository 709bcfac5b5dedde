"""What AWS's Python runtime does before it imports a handler, for the local cloud's functions.

Python imports this by itself, from PYTHONPATH. It sets `logging` up to write JSON lines at level
INFO: https://docs.aws.amazon.com/lambda/latest/dg/python-logging.html

Whatever a function writes ends on its standard error, which the local cloud shows.
"""

import faulthandler
import importlib
import json
import logging
import os
import signal
import sys
import time
import traceback

MACHINERY = {__file__, importlib.__file__, "<frozen importlib._bootstrap>"}
MACHINERY.add("<frozen importlib._bootstrap_external>")
PLAIN = set(vars(logging.makeLogRecord({}))) | {"message", "asctime"}


class JsonFormatter(logging.Formatter):
    """Formats a record as Lambda's runtime does in the log format JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record, with what `extra` added to it, as one line of JSON."""
        line: dict[str, object] = {
            "timestamp": self.formatTime(record, "%Y-%m-%dT%H:%M:%SZ"),
            "level": record.levelname,
            "message": record.getMessage(),
            "logger": record.name,
        }
        if record.exc_info and record.exc_info[0]:
            line["errorType"] = record.exc_info[0].__name__
            line["errorMessage"] = str(record.exc_info[1])
            line["stackTrace"] = self.formatException(record.exc_info).splitlines()
        line.update((key, value) for key, value in vars(record).items() if key not in PLAIN)
        return json.dumps(line, ensure_ascii=False, default=str)


def set_up_logging() -> None:
    """Write records as JSON lines."""
    logging.Formatter.converter = time.gmtime
    handler = logging.StreamHandler()
    handler.setFormatter(JsonFormatter())
    logging.basicConfig(level=logging.INFO, handlers=[handler])


def keep_answers_apart() -> None:
    """Keep standard output for the cloud's worker script alone; what else goes there is shown."""
    sys.stdout = os.fdopen(os.dup(1), "w", buffering=1, encoding="utf-8")
    os.dup2(2, 1)


def show_failing_imports() -> None:
    """Have the worker script, which tells no traceback of a handler that fails to load, show it."""
    import_module = importlib.import_module

    def import_and_show(name: str, package: str | None = None) -> object:
        try:
            return import_module(name, package)
        except BaseException as error:
            if sys._getframe(1).f_globals["__name__"] == "__main__":  # noqa: SLF001
                inner = error.__traceback__
                while inner and inner.tb_frame.f_code.co_filename in MACHINERY:
                    inner = inner.tb_next
                traceback.print_exception(type(error), error, inner)
            raise

    importlib.import_module = import_and_show  # type: ignore[assignment]


set_up_logging()
keep_answers_apart()
show_failing_imports()
# The cloud asks a function that is out of time where it is.
faulthandler.register(signal.SIGUSR1)
