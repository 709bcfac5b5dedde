"""The local cloud reads every line that a function writes, as soon as it is complete."""

import fcntl
import os
import termios
from collections.abc import Iterator

import pytest

from dev.function_output import FunctionOutput
from dev.waiting import wait_until


class Function:
    """A function's output, and the end of the pipe that the function writes to."""

    def __init__(self) -> None:
        reading, self.writing = os.pipe()
        self.lines: list[str] = []
        self.output = FunctionOutput(os.fdopen(reading, "rb"), self.lines.append)

    def write(self, content: bytes) -> None:
        """Write bytes."""
        os.write(self.writing, content)

    def wait_until_read(self) -> None:
        """Wait until the pipe is empty."""

        def is_empty() -> bool:
            unread = fcntl.ioctl(self.writing, termios.FIONREAD, bytes(4))
            return not any(unread)

        wait_until(is_empty, lambda: self.lines, interval_s=0)

    def wait_for(self, *lines: str) -> None:
        """Wait until exactly these lines have been reported."""
        wait_until(lambda: self.lines == [*lines], lambda: self.lines)


@pytest.fixture
def function() -> Iterator[Function]:
    """Return a function that writes nothing more after the test."""
    function = Function()
    yield function
    os.close(function.writing)


def test_lines_are_reported_as_soon_as_they_are_complete(function: Function) -> None:
    function.write(b"first\nsec")
    function.wait_for("first")
    function.write(b"ond\nthird")
    function.wait_for("first", "second")


@pytest.mark.parametrize(
    ("content", "lines"),
    [
        ("☘ 😀\n".encode(), ["☘ 😀"]),
        (b"no \xff UTF-8\n", ["no \\xff UTF-8"]),
        (b"a\r\nb\rc\n", ["a", "b", "c"]),
        (b"\n\na\n", ["", "", "a"]),
    ],
)
def test_bytes_in_any_pieces_become_lines(
    function: Function, content: bytes, lines: list[str]
) -> None:
    for byte in content:
        function.write(bytes([byte]))
        function.wait_until_read()
    function.wait_for(*lines)


def test_all_that_was_written_before_is_taken_at_once_with_an_unfinished_line(
    function: Function,
) -> None:
    for number in range(1000):
        function.write(b"printed\nunfin")
        function.write(b"ished %d" % number)
        assert function.output.take() == ["printed", f"unfinished {number}"]
    assert function.output.take() == []
    assert function.lines[-1] == "unfinished 999"


def test_the_last_line_is_reported_when_the_function_ends() -> None:
    function = Function()
    function.write(b"first\nlast")
    os.close(function.writing)
    function.wait_for("first", "last")
    assert function.output.take() == ["first", "last"]
