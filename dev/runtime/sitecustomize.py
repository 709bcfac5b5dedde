"""What AWS's Python runtime does before it imports a handler, for the local cloud's functions.

Python imports this by itself, from PYTHONPATH. It sets `logging` up to write JSON lines at level
INFO: https://docs.aws.amazon.com/lambda/latest/dg/python-logging.html
"""

import json
import logging
import os
import time

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


logging.Formatter.converter = time.gmtime
handlers: list[logging.Handler] = [
    logging.StreamHandler(),  # To the function's log group.
    logging.FileHandler(os.environ["TMPDIR"] + "/functions.log"),  # To `npm start`.
]
for handler in handlers:
    handler.setFormatter(JsonFormatter())
logging.basicConfig(level=logging.INFO, handlers=handlers)
