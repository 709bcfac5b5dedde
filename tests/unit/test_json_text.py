"""JSON is written and read as the standard library's `json` does it."""

import json
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invocation import json_text
from tests.support.another_version import on_another_version

CHARACTERS = st.characters(exclude_categories=[])  # Unpaired surrogates are among them.
TEXTS = st.text(CHARACTERS)
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    # These and no others, since JSON has no type for the rest.
    | TEXTS,
    lambda children: st.lists(children) | st.dictionaries(TEXTS, children),
)


EACH_VERSION = pytest.mark.parametrize(
    "module", [json_text, on_another_version(json_text)], ids=["this version", "another version"]
)


@EACH_VERSION
@given(value=JSON)
def test_a_value_is_written_compactly_and_unescaped(module: Any, value: Any) -> None:
    expected = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    assert module.to_json(value) == expected


@EACH_VERSION
@given(value=JSON)
def test_a_value_can_be_written_in_ascii(module: Any, value: Any) -> None:
    assert module.to_ascii_json(value) == json.dumps(value, separators=(",", ":"))


@EACH_VERSION
@pytest.mark.parametrize("function", ["to_json", "to_ascii_json"])
@pytest.mark.parametrize(
    ("value", "error"),
    [
        ({1, 2}, TypeError),
        (b"a", TypeError),
        ([object()], TypeError),
        ({(1, 2): 3}, TypeError),
        (float("nan"), ValueError),
        ([float("-inf")], ValueError),
    ],
)
def test_what_json_cannot_hold_is_refused(
    module: Any, function: str, value: Any, error: type[Exception]
) -> None:
    with pytest.raises(error):
        getattr(module, function)(value)


def read(text: str, decode: Any) -> Any:
    """Return all that a parser's hooks are called with, and its result."""
    calls: list[Any] = []

    def note(kind: str, value: Any) -> int:
        calls.append((kind, value))
        return len(calls)

    hooks = [partial(note, kind) for kind in ("pairs", "integer", "constant")]
    return repr((decode(text, *hooks), calls))


@EACH_VERSION
@given(
    text=st.builds(
        json.dumps,
        JSON | st.floats(),
        ensure_ascii=st.booleans(),
        indent=st.sampled_from([None, 0, 1]),
    ),
    before=st.text(" \t\n\r", max_size=2),
    after=st.text(" \t\n\r", max_size=2),
)
def test_a_text_is_read_with_the_same_calls_of_its_hooks(
    module: Any, text: str, before: str, after: str
) -> None:
    expected = read(
        before + text + after,
        lambda text, pairs, integer, constant: json.JSONDecoder(
            object_pairs_hook=pairs, parse_int=integer, parse_constant=constant
        ).decode(text),
    )
    actual = read(
        before + text + after,
        lambda text, *hooks: module.parse_json(text, module.ParserHooks(*hooks)),
    )
    assert actual == expected
