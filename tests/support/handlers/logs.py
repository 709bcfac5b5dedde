"""What handlers log."""

import asyncio
import decimal
import logging
import logging.config
import sys
import threading
import warnings

root = logging.getLogger()
child = logging.getLogger("shop.cart")
logging.addLevelName(25, "NOTICE")


class Shown:
    def __str__(self):
        return "shown"


class OwnHandler(logging.Handler):
    def emit(self, record):
        print(self.format(record))


def log_levels(_):
    for level in (-5, 0, 5, 10, 15, 20, 25, 30, 35, 40, 50, 55):
        root.log(level, "level %s", level)
    child.debug("debug")
    child.info("info")
    child.warning("warning")


def log_exception(_):
    try:
        int("x")
    except ValueError as error:
        child.exception("it failed: %s", error)
        root.error("again", exc_info=error)
        root.critical("with its stack", exc_info=True, stack_info=True)


def log_in_thread(_):
    thread = threading.Thread(target=root.warning, args=["from a thread"], name="T")
    thread.start()
    thread.join()


def log_in_task(_):
    async def work():
        root.warning("from a task")

    asyncio.run(work())


def log_without_propagation(_):
    own = logging.getLogger("own")
    own.propagate = False
    own.addHandler(OwnHandler())
    own.warning("to its own handler")
    root.warning("to Lambda's")


def log_with_own_formatter(_):
    (handler,) = root.handlers
    kept = handler.formatter
    handler.setFormatter(logging.Formatter("%(aws_request_id)s %(levelname)s %(message)s\n"))
    root.warning("as it likes")
    handler.setFormatter(kept)
    root.warning("as usual")


def log_with_level(_):
    level = root.level
    root.setLevel(logging.ERROR)
    root.warning("hidden")
    root.setLevel(logging.DEBUG)
    root.debug("shown")
    root.setLevel(level)


def capture_warnings(_):
    logging.captureWarnings(capture=True)
    warnings.warn_explicit("captured", UserWarning, "file.py", 3)
    logging.captureWarnings(capture=False)
    warnings.warn_explicit("not captured", UserWarning, "file.py", 3)


def describe(_):
    """Return what a program may see of the set-up."""
    (handler,) = root.handlers
    return {
        "level": root.level,
        "handler": type(handler).__name__,
        "level of the handler": handler.level,
        "formatter": type(handler.formatter).__name__,
        "filters": [type(each).__name__ for each in handler.filters],
        "has a log sink": hasattr(handler, "log_sink"),
        "converter": logging.Formatter.converter.__name__,
        "attributes": sorted(vars(handler)),
    }


def log_with_extra(_):
    extra = {"order": 7, "total": decimal.Decimal("1.10"), "nothing": None, "level": "mine"}
    root.warning("with %s", "extra", extra={**extra, "requestId": "mine", "logger": "mine"})
    root.warning("odd values", extra={"set": {1}, "object": Shown(), "text": "ü\u2028"})
    child.warning("names of ours", extra={"tenantId": 1, "location": 2, "stackTrace": 3})


def log_to_closed_handler(_):
    (handler,) = root.handlers
    handler.flush()
    handler.close()
    root.warning("closed")


CASES = {
    "levels": log_levels,
    "arguments": lambda _: root.warning("%s %d %r %%", "a", 1, "b"),
    "dict as arguments": lambda _: root.warning("%(a)s", {"a": 1}),
    "dict": lambda _: root.warning({"event": "paid", "total": decimal.Decimal("1.10"), "x": [{}]}),
    "dict with arguments": lambda _: root.warning({"a": 1}, "argument"),
    "other messages": lambda _: [root.warning(each) for each in (1, None, [1], Shown(), b"b")][:0],
    "lines": lambda _: root.warning("one\ntwo\r\nthree\n"),
    "unicode": lambda _: root.warning("ü ☘ 😀 \u2028 \x00"),
    "huge": lambda _: root.warning("x" * 300_000),
    "extra": log_with_extra,
    "exceptions": log_exception,
    "stack": lambda _: child.warning("stack", stack_info=True),
    "no exception": lambda _: root.warning("none", exc_info=True),
    "thread": log_in_thread,
    "task": log_in_task,
    "own handler": log_without_propagation,
    "own formatter": log_with_own_formatter,
    "own level": log_with_level,
    "module's functions": lambda _: logging.warning("from the module"),
    "captured warnings": capture_warnings,
    "context": lambda context: [context.log(each) for each in ("a\n", 1, None, {"b": 2}, "\n")][:0],
    "set-up": describe,
    "error after a log": lambda _: root.warning("before") or 1 // 0,
    "to standard error": lambda _: print("error", file=sys.stderr),
}
# Those change what the process logs afterwards.
RECONFIGURED = {
    "basicConfig": lambda: logging.basicConfig(level="DEBUG", format="own %(message)s"),
    "basicConfig by force": lambda: logging.basicConfig(format="own %(message)s", force=True),
    "dictConfig": lambda: logging.config.dictConfig({"version": 1}),
    "dictConfig of a root": lambda: logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": True,
            "formatters": {"own": {"format": "own %(message)s"}},
            "handlers": {"own": {"class": "logging.StreamHandler", "formatter": "own"}},
            "root": {"handlers": ["own"], "level": "DEBUG"},
        }
    ),
    "no handlers": lambda: root.handlers.clear(),
    "closed handler": lambda: log_to_closed_handler(None),
    "disabled": lambda: logging.disable(logging.WARNING),
    "reloaded": lambda: __import__("importlib").reload(logging),
    "shut down": logging.shutdown,
    "another log record": lambda: logging.setLogRecordFactory(OwnRecord),
}


class OwnRecord(logging.LogRecord):
    def getMessage(self):
        return f"own {super().getMessage()}"


def reconfigure(event, context):
    """Change the configuration, then log in each way."""
    RECONFIGURED[event]()
    logging.getLogger().error("from the root")
    child.info("information")
    child.error("from a child")
    logging.error("from the module")
    context.log("from the context\n")
    raise ValueError("in the end")
