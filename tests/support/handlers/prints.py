"""What handlers print."""

import contextlib
import io
import os
import sys


def redirect(_):
    buffer = io.StringIO()
    with contextlib.redirect_stdout(buffer):
        print("not shown")
    return buffer.getvalue()


def print_binary(_):
    print("text")
    sys.stdout.buffer.write(b"\xff binary ")
    print("text again")
    sys.stdout.buffer.write(b"left in the buffer\n")
    sys.stdout.flush()


def print_original(_):
    sys.__stdout__.write("through the original\n")
    print("through the usual one")
    sys.__stderr__.write("error through the original\n")


def describe(_):
    return [
        [
            stream.encoding,
            stream.errors,
            stream.fileno(),
            stream.isatty(),
            stream.line_buffering,
            stream.writable(),
            stream.name,
            stream.write(""),
            type(stream).__name__,
        ]
        for stream in (sys.stdout, sys.stderr)
    ]


def use_as_context(_):
    with sys.stdout as stream:
        print("inside", stream is sys.stdout)
    print("after")


CASES = {
    "line": lambda _: print("line"),
    "parts of a line": lambda _: [print(each, end="") for each in "abc"][:0],
    "unicode": lambda _: print("ü ☘ 😀 \u2028 \x00"),
    "several values": lambda _: print("a", 1, None, sep=", "),
    "standard error": lambda _: print("error", file=sys.stderr),
    "alternating": lambda _: [print(i, file=(sys.stdout, sys.stderr)[i % 2]) for i in range(6)][:0],
    "writelines": lambda _: sys.stdout.writelines(["a\n", "b\n"]),
    "flush": lambda _: print("flushed", flush=True),
    "huge": lambda _: print("x" * 1_000_000),
    "binary": print_binary,
    "original streams": print_original,
    "redirected": redirect,
    "descriptor": lambda _: os.write(1, b"descriptor\n"),
    "unpaired surrogate": lambda _: print("\ud800"),
    "streams": describe,
    "as a context": use_as_context,
    "input": lambda _: sys.stdin.read(),
}
