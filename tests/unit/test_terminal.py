"""`npm start` prints everything that functions write."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dev.terminal import describe

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda each: st.lists(each, max_size=3) | st.dictionaries(st.text(), each, max_size=3),
)
FRAME = '  File "/task/handler.py", line 2, in hello\n'
IMPORTS = [
    '  File "/usr/lib/python3.13/importlib/__init__.py", line 88, in import_module\n',
    '  File "<frozen importlib._bootstrap>", line 1387, in _gcd_import\n',
]
OF_ERRORS = ["cause", "errorMessage", "errorType", "stackTrace"]
MEMBERS = ["duration_ms", "function", "level", "message", "records", "route", "status", *OF_ERRORS]
RECORDS = st.dictionaries(st.sampled_from(MEMBERS), JSON)


def text_for(line: str) -> str:
    """Return what is printed for a line that the function `hello` wrote."""
    return describe({"function": "lucky-numbers-local-hello", "line": line})


@given(record=JSON | RECORDS)
def test_any_line_of_json_is_printed(record: Any) -> None:
    assert text_for(json.dumps(record))


@pytest.mark.parametrize("line", ["", "{", "text", "[" * 200_000, '"\\ud800"', "│ a\tb"])
def test_a_line_that_is_no_log_record_is_printed_unchanged(line: str) -> None:
    assert text_for(line) == f"  hello │ {line}"


@pytest.mark.parametrize(
    ("text", "printed"),
    [("\x1b[2J", r"\x1b[2J"), ("a\rb\0\x9d", r"a\rb\x00\x9d"), ("\ud800", r"\ud800")],
)
def test_no_text_of_a_caller_controls_the_terminal(text: str, printed: str) -> None:
    record = {"stackTrace": [FRAME], "errorType": "ValueError", "errorMessage": text}
    for line in (json.dumps(record), f"print: {text}"):
        assert text_for(line).endswith(f": {printed}")
        assert text_for(line).encode()


@pytest.mark.parametrize(
    ("record", "text"),
    [
        ({"level": "INFO", "message": "text"}, "  hello │ text"),
        ({"level": "INFO", "message": {"order": 1}}, '"order": 1'),
        (
            {"stackTrace": [*IMPORTS, FRAME], "errorType": "KeyError", "errorMessage": "'x'"},
            f"  hello │ Traceback (most recent call last):\n  hello │ {FRAME}  hello │ KeyError: ",
        ),
        (
            {"stackTrace": [], "errorType": "Runtime.HandlerNotFound", "errorMessage": "missing"},
            "  hello │ Runtime.HandlerNotFound: missing",
        ),
        (
            {"stackTrace": ["  File a\n    b\n"], "errorType": "KeyError", "errorMessage": "'c'"},
            "call last):\n  hello │   File a\n  hello │     b\n  hello │ KeyError: 'c'",
        ),
        ({"route": "GET /", "status": 200, "duration_ms": 1.5}, "GET / → 200 in 1.5 ms"),
        ({"function": "f", "records": 2, "duration_ms": 3}, "f handled a batch of 2 in 3 ms"),
    ],
)
def test_a_log_record_is_shortened(record: Any, text: str) -> None:
    assert text in text_for(json.dumps(record))


def test_aws_s_warning_about_its_updates_is_cut_after_its_first_sentence() -> None:
    record = {"level": "WARNING", "message": "LAMBDA_WARNING: Unhandled exception. However, …"}
    assert text_for(json.dumps(record)) == "  hello │ LAMBDA_WARNING: Unhandled exception"
