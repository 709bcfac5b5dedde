"""Events from JSON and results to JSON, as AWS's runtime client reads and writes them.

That imports `simplejson`. Here, only what this module leaves to it does.
"""

from _json import encode_basestring, make_encoder, make_scanner

SCALARS = {str, int, float, bool, type(None)}
WHITESPACE = " \t\n\r"


class _Options:
    """The options of json.JSONDecoder, as its scanner wants them."""

    strict = True
    object_hook = object_pairs_hook = None
    parse_float = float
    parse_int = int

    @staticmethod
    def parse_constant(name):
        raise ValueError(name)  # AWS's client decides about NaN and Infinity.


_scan = make_scanner(_Options)
OPTIONS = (False, False, True)  # sort_keys, skipkeys and allow_nan of json.JSONEncoder.
_encode = make_encoder(None, None, encode_basestring, None, ": ", ", ", *OPTIONS)


def read_event(body, content_type):
    """Return the event in the body of an invocation."""
    if content_type != "application/json":
        return body
    try:
        text = body.decode()
        event, end = _scan(text, len(text) - len(text.lstrip(WHITESPACE)))
        if not text[end:].strip(WHITESPACE):
            return event
    except (StopIteration, ValueError, RecursionError):
        pass
    return _marshaller().unmarshal_request(body, content_type)


def write_result(result):
    """Return the result of a handler in bytes, and their content type."""
    if isinstance(result, bytes):
        return result, "application/unknown"
    try:
        if _is_plain(result):
            return to_json(result), "application/json"
    except (ValueError, RecursionError):  # AWS's client words the error.
        pass
    text, content_type = _marshaller().marshal_response(result)
    return _encode_text(text), content_type


def to_json(value):
    """Return the JSON text of a plain value, in UTF-8."""
    return _encode_text("".join(_encode(value, 0)))


def _encode_text(text):
    # UTF-8 has no unpaired surrogates. JSON's escape for one looks like Python's.
    return text.encode(errors="backslashreplace")


def _is_plain(value):
    """Whether a value has none but JSON's own types, which every encoder writes alike."""
    kind = type(value)
    if kind in SCALARS:
        return True
    if kind is dict:
        if not all(type(name) is str for name in value):
            return False
        value = value.values()
    elif kind is not list and kind is not tuple:
        return False
    return SCALARS.issuperset(map(type, value)) or all(map(_is_plain, value))


def _marshaller():
    from awslambdaric.lambda_runtime_marshaller import LambdaMarshaller

    return LambdaMarshaller()
