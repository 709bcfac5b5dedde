"""What runtime_loop makes of events, against AWS's runtime client."""

from pathlib import Path

import pytest

from tests.support.two_runtimes import Event, Pair, run_pair

JSON_EVENTS = {
    "object": b'{"a": [1, 2.5, "b", true, false, null, {}]}',
    "array": b"[]",
    "string": '"ü ☘ 😀"'.encode(),
    "number": b"-0",
    "float": b"-0.0",
    "null": b"null",
    "BOM": b'\xef\xbb\xbf{"a": 1}',
    "whitespace": b" \t\r\n[ 1 ,\n2 ] \n",
    "escapes": rb'"\ud83d\ude00 \ud83d \u0000 \/ \b"',
    "duplicate keys": b'{"a": 1, "b": 2, "a": 3}',
    "big numbers": b"[1" + b"0" * 4000 + b", 1e999, 1e-999, 0.1e1]",
    "deep": b"[" * 900 + b"]" * 900,
    "6 MB": b'"' + b"x" * (6 * 1024 * 1024 - 2) + b'"',
    "as sent in chunks": b'{"a": "' + b"x" * 70_000 + b'"}',
}
BAD_EVENTS = {
    "nothing": b"",
    "space": b"  ",
    "NaN": b"[NaN]",
    "infinity": b"-Infinity",
    "UTF-16": '{"a": 1}'.encode("utf-16"),
    "not UTF-8": b'"\xff"',
    "unfinished": b'{"a": 1',
    "two values": b"1 2",
    "trailing comma": b"[1,]",
    "single quotes": b"{'a': 1}",
    "line separator as space": "\u2028 1".encode(),
    "line separator as space at the end": "1 \u2028".encode(),
    "control character": b'"\x01"',
    "leading zero": b"01",
    "unfinished escape": rb'"\u12"',
    "number of too many digits": b"1" + b"0" * 5000,
    "constant": b"nan",
}
HEADERS: dict[str, dict[str, str | None]] = {
    "as sent in chunks": {"Transfer-Encoding": "chunked"},
}
# By content type.
OTHER_EVENTS = {
    "text/plain": b"text",
    "application/json; charset=utf-8": b"{}",
    "APPLICATION/JSON": b"{}",
    "application/octet-stream": b"\x00\xff",
}


@pytest.fixture(scope="module")
def done(task: Path) -> Pair:
    """Return what a function that shows its events did with all of them."""
    events = [
        Event(event, HEADERS.get(name, {})) for name, event in (JSON_EVENTS | BAD_EVENTS).items()
    ]
    events += [Event(event, {"Content-Type": kind}) for kind, event in OTHER_EVENTS.items()]
    return run_pair(task, "echo.describe", events)


def check(done: Pair, index: int, kind: str) -> None:
    original, loop = (record.requests[1 + index] for record in done)
    assert original.kind == kind
    assert loop == original


@pytest.mark.parametrize("index", range(len(JSON_EVENTS)), ids=JSON_EVENTS.keys())
def test_an_event_of_json_is_parsed_as_by_aws_s_client(index: int, done: Pair) -> None:
    check(done, index, "response")


@pytest.mark.parametrize("index", range(len(BAD_EVENTS)), ids=BAD_EVENTS.keys())
def test_an_event_that_is_no_json_is_the_same_error(index: int, done: Pair) -> None:
    check(done, len(JSON_EVENTS) + index, "error")


@pytest.mark.parametrize("index", range(len(OTHER_EVENTS)), ids=map(str, OTHER_EVENTS))
def test_an_event_of_another_type_is_bytes(index: int, done: Pair) -> None:
    check(done, len(JSON_EVENTS | BAD_EVENTS) + index, "response")


def test_errors_of_events_are_logged_alike(done: Pair) -> None:
    assert done.loop.log == done.original.log
