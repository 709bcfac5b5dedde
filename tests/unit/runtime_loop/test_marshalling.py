"""Any event and any result are the same to runtime_loop as to AWS's runtime client."""

import enum
import json
from collections.abc import Callable
from typing import Any

import pytest
from awslambdaric.lambda_runtime_marshaller import (  # type: ignore[import-untyped]
    LambdaMarshaller,
)
from hypothesis import given
from hypothesis import strategies as st

from tests.support.two_runtimes import load_module

JSON = "application/json"


class Text(str):
    """A subclass of str."""

    __slots__ = ()


class Level(enum.IntEnum):
    """A subclass of int."""

    LOW = 1


class Items(list[Any]):
    """A subclass of list."""


texts = st.text(st.characters(exclude_categories=["Cs"]))  # No unpaired surrogates.
numbers = st.integers() | st.floats() | st.booleans() | st.none()
json_values = st.recursive(
    numbers | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)
odd_values = st.one_of(
    st.binary(max_size=4),
    st.decimals(),
    st.complex_numbers(),
    st.just(Level.LOW),
    texts.map(Text),
    st.sets(st.integers(), max_size=2),
)
keys = texts | numbers | st.binary(max_size=2) | st.just(Level.LOW) | st.decimals(allow_nan=False)
values = st.recursive(
    texts | numbers | odd_values,
    lambda inner: st.one_of(
        st.lists(inner),
        st.lists(inner).map(tuple),
        st.lists(inner).map(Items),
        st.dictionaries(texts, inner),
        st.dictionaries(keys, inner),
    ),
)
layouts = st.fixed_dictionaries(
    {"ensure_ascii": st.booleans(), "indent": st.sampled_from([None, 1, "\t"])}
)


@pytest.fixture(scope="module")
def loop() -> Any:
    """Return the module of runtime_loop that reads events and writes results."""
    return load_module("results")


@pytest.fixture(scope="module")
def original() -> Any:
    """Return what reads events and writes results in AWS's client, on Lambda."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_EXECUTION_ENV", "AWS_Lambda_python3.13")
        yield LambdaMarshaller()


def outcome_of(action: Callable[..., Any], *arguments: Any) -> Any:
    """Return what a function returns or raises, as a text that shows types and signs."""
    try:
        return repr(action(*arguments))
    except Exception as error:  # noqa: BLE001 (whatever it is)
        return type(error).__name__, getattr(error, "msg", str(error))


@given(value=json_values, layout=layouts)
def test_any_event_of_json_is_parsed_alike(
    loop: Any, original: Any, value: Any, layout: dict[str, Any]
) -> None:
    event = json.dumps(value, **layout).encode(errors="surrogatepass")
    expected = outcome_of(original.unmarshal_request, event, JSON)
    assert outcome_of(loop.read_event, event, JSON) == expected


@given(event=st.binary() | st.text("[]{}\",:0123456789.eE+-tfn \n\t\\u'a\ufeff").map(str.encode))
def test_any_bytes_are_parsed_or_refused_alike(loop: Any, original: Any, event: bytes) -> None:
    expected = outcome_of(original.unmarshal_request, event, JSON)
    assert outcome_of(loop.read_event, event, JSON) == expected


@given(value=values)
def test_any_result_is_written_or_refused_alike(loop: Any, original: Any, value: Any) -> None:
    def write(value: Any) -> tuple[bytes, str]:
        result, content_type = original.marshal_response(value)
        return (result if isinstance(result, bytes) else result.encode()), content_type

    assert outcome_of(loop.write_result, value) == outcome_of(write, value)
