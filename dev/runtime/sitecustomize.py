"""Prepares a process of the local cloud for a function, as Lambda's runtime does.

Python imports this module when it starts, because its folder is on PYTHONPATH.

- `logging` and invocation/log.py write lines of JSON, at level INFO:
  https://docs.aws.amazon.com/lambda/latest/dg/python-logging.html
- All output of the function goes to standard error, which the local cloud reports.
- If the handler cannot be imported, or times out, the traceback is printed.
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

# Tracebacks of failed imports omit the frames of these files.
MACHINERY = {__file__, importlib.__file__, "<frozen importlib._bootstrap>"}
MACHINERY.add("<frozen importlib._bootstrap_external>")
STANDARD_ATTRIBUTES = set(vars(logging.makeLogRecord({}))) | {"message", "asctime"}


class JsonFormatter(logging.Formatter):
    """Formats records as Lambda does in the JSON log format."""

    def format(self, record: logging.LogRecord) -> str:
        """Return a record, with the attributes that `extra` added, as one line of JSON."""
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
        line.update(
            (key, value) for key, value in vars(record).items() if key not in STANDARD_ATTRIBUTES
        )
        return json.dumps(line, ensure_ascii=False, default=str)


def set_up_logging() -> None:
    """Log lines of JSON, at level INFO."""
    logging.Formatter.converter = time.gmtime
    handler = logging.StreamHandler()
    handler.setFormatter(JsonFormatter())
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    os.environ["AWS_LAMBDA_LOG_LEVEL"] = "INFO"


def separate_responses_from_output() -> None:
    """Send file descriptor 1 to standard error.

    `sys.stdout` keeps the original: the cloud's worker script writes responses to it.
    """
    sys.stdout = os.fdopen(os.dup(1), "w", buffering=1, encoding="utf-8")
    os.dup2(2, 1)


def print_import_errors() -> None:
    """Print the traceback when the handler cannot be imported: the worker script does not."""
    import_module = importlib.import_module

    def import_or_print(name: str, package: str | None = None) -> object:
        try:
            return import_module(name, package)
        except BaseException as error:
            if sys._getframe(1).f_globals["__name__"] == "__main__":  # noqa: SLF001
                inner = error.__traceback__
                while inner and inner.tb_frame.f_code.co_filename in MACHINERY:
                    inner = inner.tb_next
                traceback.print_exception(type(error), error, inner)
            raise

    importlib.import_module = import_or_print  # type: ignore[assignment]


set_up_logging()
separate_responses_from_output()
print_import_errors()
# dev/reports.py sends SIGUSR1 to a function that has timed out.
faulthandler.register(signal.SIGUSR1)
