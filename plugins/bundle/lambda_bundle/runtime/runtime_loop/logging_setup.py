"""Sets `logging` up as AWS's runtime client does.

https://docs.aws.amazon.com/lambda/latest/dg/python-logging.html
"""

import json
import logging
import time
import traceback

from runtime_loop.log import JSON, TEXT

TIME_FORMAT = "%Y-%m-%dT%H:%M:%S"
TEXT_FORMAT = "[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s\n"
# Added to the type of a frame.
LEVELS = {0: 0, 10: 0x08, 20: 0x0C, 30: 0x10, 40: 0x14, 50: 0x18}
STANDARD_ATTRIBUTES = {*vars(logging.makeLogRecord({})), "aws_request_id", "tenant_id"}
STANDARD_ATTRIBUTES |= {"_frame_type"}
STANDARD_ATTRIBUTES -= {"taskName"}  # AWS's client shows it.


def set_up(log):
    """Make the root logger write to the function's log."""
    logging.Formatter.converter = time.gmtime
    level = "DEBUG" if log.level == "TRACE" else log.level.upper()
    if log.is_json or level:
        handler = LambdaLoggerHandlerWithFrameType(log)
    else:
        handler = LambdaLoggerHandler(log)
    text = logging.Formatter(TEXT_FORMAT, TIME_FORMAT)
    handler.setFormatter(JsonFormatter() if log.is_json else text)
    handler.addFilter(LambdaLoggerFilter(log))
    root = logging.getLogger()
    if level in logging.getLevelNamesMapping():
        root.setLevel(level)
    root.addHandler(handler)


class LambdaLoggerHandler(logging.Handler):
    """Writes records to the log."""

    def __init__(self, log_sink):
        super().__init__()
        self.log_sink = log_sink

    def emit(self, record):
        """Write a record."""
        self.log_sink.log(self.format(record))


class LambdaLoggerHandlerWithFrameType(LambdaLoggerHandler):
    """Writes records to the log, in frames that have their level."""

    def emit(self, record):
        """Write a record."""
        message = self.format(record)
        frame_type = getattr(record, "_frame_type", None) or TEXT + LEVELS[_round(record.levelno)]
        self.log_sink.log(message, frame_type)


class LambdaLoggerFilter(logging.Filter):
    """Adds what a record has from its invocation."""

    def __init__(self, log):
        super().__init__()
        self._log = log

    def filter(self, record):
        """Accept a record."""
        record.aws_request_id = self._log.request_id or ""
        record.tenant_id = self._log.tenant_id
        return True


class JsonFormatter(logging.Formatter):
    """Formats records as lines of JSON."""

    def __init__(self):
        super().__init__(datefmt=TIME_FORMAT + "Z")
        self._encode = json.JSONEncoder(ensure_ascii=False, default=str).encode

    def format(self, record):
        """Return a record as a line, without what is None."""
        record.levelno = _round(record.levelno)
        record.levelname = logging.getLevelName(record.levelno)
        record._frame_type = JSON + LEVELS[record.levelno]  # noqa: SLF001 (its name in AWS's client)
        is_structured = isinstance(record.msg, dict) and not record.args
        kind, error, trace = record.exc_info or (None, None, None)
        line = {
            "timestamp": self.formatTime(record, self.datefmt),
            "level": record.levelname,
            "message": record.msg if is_structured else record.getMessage(),
            "logger": record.name,
            "stackTrace": traceback.format_tb(trace) if record.exc_info else None,
            "errorType": kind.__name__ if record.exc_info else None,
            "errorMessage": str(error) if record.exc_info else None,
            "requestId": getattr(record, "aws_request_id", None),
            "location": f"{record.pathname}:{record.funcName}:{record.lineno}"
            if record.exc_info
            else None,
        }
        if getattr(record, "tenant_id", None) is not None:
            line["tenantId"] = record.tenant_id
        for name, value in vars(record).items():
            if name not in STANDARD_ATTRIBUTES:
                line.setdefault(name, value)
        return self._encode({name: each for name, each in line.items() if each is not None}) + "\n"


def _round(level):
    """Return a level as a multiple of ten between 0 and 50."""
    return min(50, max(0, level)) // 10 * 10
