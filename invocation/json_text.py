"""JSON texts, written without the package `json`: its import takes longer than a request does."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any

# `_json`, the C module below `json`, is private to CPython. On these versions, a test holds it to
# what `json` writes; others use `json`.
TESTED_VERSIONS = {(3, 13)}
ITEM_SEPARATOR, KEY_SEPARATOR = ",", ":"


def _refuse(value: object) -> None:
    raise TypeError(f"JSON has no type for {type(value).__name__}")


if sys.version_info[:2] in TESTED_VERSIONS:
    from _json import encode_basestring, make_encoder

    # The arguments of json.JSONEncoder that it passes on: no `markers`, no `indent`, and then
    # `sort_keys`, `skipkeys` and `allow_nan`.
    _encode_in_chunks = make_encoder(
        None,
        _refuse,
        encode_basestring,
        None,
        KEY_SEPARATOR,
        ITEM_SEPARATOR,
        False,  # noqa: FBT003
        False,  # noqa: FBT003
        False,  # noqa: FBT003
    )

    def _encode(value: Any) -> str:
        return "".join(_encode_in_chunks(value, 0))

else:
    import json

    def _encode(value: Any) -> str:
        return json.dumps(
            value,
            ensure_ascii=False,
            check_circular=False,
            allow_nan=False,
            separators=(ITEM_SEPARATOR, KEY_SEPARATOR),
            default=_refuse,
        )


def to_json(value: Any) -> str:
    """Return the JSON text of a dict, list, str, int, float, bool or None: compact, unescaped.

    >>> to_json({"name": "Zoë", "numbers": [1, 2]})
    '{"name":"Zoë","numbers":[1,2]}'

    Raises:
        TypeError: a value is of another type.
        ValueError: a float is NaN or infinite.
    """
    return _encode(value)
