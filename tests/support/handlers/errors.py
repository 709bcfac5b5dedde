"""Errors that handlers raise."""

import json
import logging
import threading
import warnings

KEPT = ValueError("kept")


class OddError(Exception):
    class InnerError(Exception):
        pass

    def __str__(self):
        return "odd"


class FaultException(Exception):
    """Raised with the name of an exception of AWS's client."""


class Message(str):
    __slots__ = ()


class SpeakingError(Exception):
    def __str__(self):
        return Message("speaking")


class Fragile:
    def __del__(self):
        raise ValueError("in __del__")


def fail(error):
    raise error


def with_cause():
    try:
        int("x")
    except ValueError as error:
        raise LookupError("what") from error


def with_context():
    try:
        int("x")
    except ValueError:
        raise LookupError("what")


def with_notes():
    error = ValueError("noted")
    error.add_note("A note.")
    raise error


def recurse(depth=0):
    recurse(depth + 1)


def generate():
    yield 1
    raise ValueError("in a generator")


def import_broken(name):
    __import__(name)


def fail_while_logging(_):
    logging.getLogger().warning("%d", "text")


def fail_in_thread(_):
    thread = threading.Thread(target=fail, args=[ValueError("in a thread")], name="T")
    thread.start()
    thread.join()
    return "joined"


def fail_in_del(_):
    Fragile()
    return "deleted"


def raise_again(_):
    try:
        fail(KEPT)
    except ValueError:
        fail(KEPT)


def warn(_):
    warnings.warn("A warning.", stacklevel=1)
    warnings.warn("Another.", DeprecationWarning, stacklevel=1)
    return "warned"


RAISED = {
    "message": lambda _: fail(ValueError("message")),
    "no message": lambda _: fail(ValueError()),
    "several arguments": lambda _: fail(ValueError("a", 1, None)),
    "unicode": lambda _: fail(ValueError('ü ☘ 😀 \u2028 \x00 "quoted" \\')),
    "lines": lambda _: fail(ValueError("  one\r\n    two\n\nthree\rfour\x0bfive")),
    "key": lambda _: {}["key"],
    "own class": lambda _: fail(OddError()),
    "inner class": lambda _: fail(OddError.InnerError(1)),
    "class named FaultException": lambda _: fail(FaultException("mine")),
    "class without a name": lambda _: fail(type("", (Exception,), {})("nameless")),
    "class without name and message": lambda _: fail(type("", (Exception,), {})()),
    "str gives a subclass": lambda _: fail(SpeakingError()),
    "cause": lambda _: with_cause(),
    "context": lambda _: with_context(),
    "notes": lambda _: with_notes(),
    "group": lambda _: fail(ExceptionGroup("group", [ValueError(1), KeyError(2)])),
    "in C code": lambda _: json.loads("{"),
    "division": lambda _: 1 // 0,
    "assertion": lambda _: fail(AssertionError()),
    "stop iteration": lambda _: next(iter([])),
    "file": lambda _: open("/nowhere"),
    "decoding": lambda _: b"\xff".decode(),
    "recursion": lambda _: recurse(),
    "generator": lambda _: list(generate()),
    "code without a file": lambda _: exec("1 / 0"),
    "syntax": lambda _: import_broken("broken.syntax"),
    "missing module": lambda _: import_broken("nowhere"),
    "module that fails": lambda _: import_broken("broken.division"),
    "memory": lambda _: fail(MemoryError()),
    "message of 30 KB": lambda _: fail(ValueError("x" * 30_000)),
    "message over X-Ray's limit": lambda _: fail(ValueError("x" * 1_100_000)),
    "error that was raised before": raise_again,
    "while logging": fail_while_logging,
}
LOGGED = {
    "in a thread": fail_in_thread,
    "in __del__": fail_in_del,
    "warnings": warn,
}
CASES = RAISED | LOGGED


async def asynchronous(_event, _context):
    return 1


def of_one_argument(_event):
    return 1


def crash(_event, _context):
    class UnspeakableError(Exception):
        def __str__(self):
            raise ValueError("no text")

    raise UnspeakableError


not_callable = 3
