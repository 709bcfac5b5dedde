"""Serializes models whose fields have only JSON's own types, as pydantic-core does.

On its first call, pydantic-core's own serializer imports uuid, ipaddress, pathlib and more.
"""

import sys

# `_json`, the C module below `json`, is private to CPython. On these versions, tests hold it to
# what pydantic-core writes; others use `json`, whose import takes longer than a request does.
TESTED_VERSIONS = {(3, 13)}

if sys.version_info[:2] in TESTED_VERSIONS:
    from _json import encode_basestring, make_encoder

    # The arguments of json.JSONEncoder that it passes on: no `markers`, `default` nor `indent`,
    # the separators, and then `sort_keys`, `skipkeys` and `allow_nan`.
    _chunks = make_encoder(None, None, encode_basestring, None, ":", ",", False, False, False)  # noqa: FBT003

    def _encode(plain):
        return "".join(_chunks(plain, 0))

else:
    import json

    _encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class NotPlainError(Exception):
    """Raised when a value does not have the shape of its model."""


def to_json(model, *, by_alias):
    """Return a model, whose class has a `__shape__`, as JSON text.

    Raises:
        NotPlainError: a value in the model does not have the shape.
        ValueError: a text has an unpaired surrogate, or a number is too long.
    """
    text = _encode(_to_plain(model, type(model), by_alias=by_alias))
    text.encode()  # Fails if it has an unpaired surrogate.
    return text


def _to_plain(value, shape, *, by_alias):
    """Return the value as JSON's own types.

    A shape is one of

    - a set with some of `str`, `int`, `bool` and `NoneType`, for a value of one of these types;
    - a frozenset, for one of the texts in it;
    - `[shape]`, for a list of items with that shape;
    - `{"": shape}`, for a dict of values with that shape;
    - `(shape,)`, for None or a value with that shape;
    - a model, whose `__shape__` is `{field: (public name, shape)}`.

    Raises:
        NotPlainError: the value has another shape. pydantic-core may warn of it.
    """
    kind = type(value)
    if type(shape) is set or type(shape) is frozenset:
        if (kind if type(shape) is set else kind is str and value) in shape:
            return value
    elif type(shape) is tuple:
        return None if value is None else _to_plain(value, shape[0], by_alias=by_alias)
    elif kind is list and type(shape) is list:
        if type(shape[0]) is set and shape[0].issuperset(map(type, value)):
            return value
        return [_to_plain(each, shape[0], by_alias=by_alias) for each in value]
    elif kind is dict and type(shape) is dict:
        if all(type(key) is str for key in value):
            inner = shape[""]
            return {key: _to_plain(each, inner, by_alias=by_alias) for key, each in value.items()}
    elif kind is shape and not value.__pydantic_extra__:
        return _model_to_plain(value, kind.__shape__, by_alias=by_alias)
    raise NotPlainError


def _model_to_plain(model, fields, *, by_alias):
    """Return the fields of a model by their public names, in the order in which they were set."""
    plain = {}
    for name, value in model.__dict__.items():
        if name in fields:
            public, shape = fields[name]
            plain[public if by_alias else name] = _to_plain(value, shape, by_alias=by_alias)
    if len(plain) != len(fields):
        raise NotPlainError  # A field was deleted, or two have the same alias.
    return plain
