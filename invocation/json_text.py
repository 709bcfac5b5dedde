"""JSON texts, without the package `json`: its import takes longer than a request does."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

# `_json`, the C module below `json`, is private to CPython. On these versions, tests hold it to
# what `json` reads and writes; others use `json`.
TESTED_VERSIONS = {(3, 13)}
ITEM_SEPARATOR, KEY_SEPARATOR = ",", ":"
WHITESPACE = " \t\n\r"


def _refuse(value: object) -> None:
    raise TypeError(f"JSON has no type for {type(value).__name__}")


if sys.version_info[:2] in TESTED_VERSIONS:
    from _json import encode_basestring, encode_basestring_ascii, make_encoder, make_scanner

    def _encoder(encode_string: Callable[[str], str]) -> make_encoder:
        # The arguments of json.JSONEncoder that it passes on: no `markers`, no `indent`, and then
        # `sort_keys`, `skipkeys` and `allow_nan`.
        return make_encoder(
            None,
            _refuse,
            encode_string,
            None,
            KEY_SEPARATOR,
            ITEM_SEPARATOR,
            False,  # noqa: FBT003
            False,  # noqa: FBT003
            False,  # noqa: FBT003
        )

    _encode_in_chunks = _encoder(encode_basestring)
    _encode_ascii_in_chunks = _encoder(encode_basestring_ascii)

    def _encode(value: Any) -> str:
        return "".join(_encode_in_chunks(value, 0))

    def _encode_ascii(value: Any) -> str:
        return "".join(_encode_ascii_in_chunks(value, 0))

    def _decode(text: str, hooks: Any) -> Any:
        return make_scanner(hooks)(text, 0)[0]

else:
    import json

    _OPTIONS: Any = {
        "check_circular": False,
        "allow_nan": False,
        "separators": (ITEM_SEPARATOR, KEY_SEPARATOR),
        "default": _refuse,
    }

    def _encode(value: Any) -> str:
        return json.dumps(value, ensure_ascii=False, **_OPTIONS)

    def _encode_ascii(value: Any) -> str:
        return json.dumps(value, **_OPTIONS)

    def _decode(text: str, hooks: Any) -> Any:
        return json.JSONDecoder(
            object_pairs_hook=hooks.object_pairs_hook,
            parse_int=hooks.parse_int,
            parse_constant=hooks.parse_constant,
        ).decode(text)


class ParserHooks:
    """What a parser calls for the parts of a JSON text; see `json.JSONDecoder`."""

    strict = True
    object_hook = None
    parse_float = float

    def __init__(
        self,
        object_pairs_hook: Callable[[list[tuple[str, Any]]], Any],
        parse_int: Callable[[str], Any],
        parse_constant: Callable[[str], Any],
    ) -> None:
        self.object_pairs_hook = object_pairs_hook
        self.parse_int = parse_int
        self.parse_constant = parse_constant


def to_json(value: Any) -> str:
    """Return the JSON text of a dict, list, str, int, float, bool or None: compact, unescaped.

    >>> to_json({"name": "Zoë", "numbers": [1, 2]})
    '{"name":"Zoë","numbers":[1,2]}'

    Raises:
        TypeError: a value is of another type.
        ValueError: a float is NaN or infinite.
    """
    return _encode(value)


def to_ascii_json(value: Any) -> str:
    """Return the JSON text of a value, as `to_json` does, with all but ASCII escaped."""
    return _encode_ascii(value)


def parse_json(text: str, hooks: ParserHooks) -> Any:
    """Return the value of a text that is known to be JSON, by way of the hooks.

    Without hooks, `pydantic_core.from_json` is faster.
    """
    return _decode(text.strip(WHITESPACE), hooks)
