"""Whatever functions write, `npm start` shows it."""

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
RECORDS = st.dictionaries(
    st.sampled_from(
        ["duration_ms", "function", "level", "message", "records", "route", "stackTrace"]
    )
    | st.sampled_from(["status"]),
    JSON,
)


def shown(line: str) -> str:
    """Return what is shown of a line that a function wrote."""
    return describe({"function": "lucky-numbers-local-hello", "line": line})


@given(record=JSON | RECORDS)
def test_every_line_of_json_is_shown(record: Any) -> None:
    assert shown(json.dumps(record))


@pytest.mark.parametrize("line", ["", "{", "text", "[" * 200_000, '"\\ud800"', "│ a\tb"])
def test_every_other_line_is_shown_as_it_is(line: str) -> None:
    assert shown(line) == f"  hello │ {line}"


@pytest.mark.parametrize(
    ("record", "text"),
    [
        ({"level": "INFO", "message": "told"}, "  hello │ told"),
        ({"level": "INFO", "message": {"order": 1}}, '"order": 1'),
        (
            {"stackTrace": ["File a", "KeyError"], "message": "x"},
            "  hello │ File a\n  hello │ KeyErr",
        ),
        ({"route": "GET /", "status": 200, "duration_ms": 1.5}, "GET / → 200 in 1.5 ms"),
        ({"function": "f", "records": 2, "duration_ms": 3}, "f went through a batch of 2 in 3 ms"),
    ],
)
def test_a_record_is_shown_as_a_person_wants_it(record: Any, text: str) -> None:
    assert text in shown(json.dumps(record))
