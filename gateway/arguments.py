"""The arguments of an entry point: each parameter's name says which part of the request it gets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic_core import ValidationError

from gateway.body import ERRORS_MAX, parse_payload
from gateway.problem import (
    BadRequest,
    ContentTooLarge,
    NotFound,
    ServiceUnavailable,
    UnprocessableContent,
    UnsupportedMediaType,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    from pydantic_core import ErrorDetails

    from gateway.request import Request
    from gateway.types import Model, T

ODD_INTEGER = "Input should be a valid integer, in plain digits"


def find_readers(function: Callable[..., Any]) -> dict[str, Callable[[Request], Any]]:
    """Return, for each parameter of an entry point, what reads its argument from a request.

    Raises:
        TypeError: a parameter is unknown, has no annotation, or needs a model class
            as its annotation.
    """
    readers: dict[str, Callable[[Request], Any]] = {}
    inner = function
    while hasattr(inner, "__wrapped__"):  # Other decorators are looked through.
        inner = inner.__wrapped__
    code = inner.__code__
    for name in code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]:
        where = f"{function.__name__}: {name}"
        if name not in PARTS and name not in MODELLED:
            known = ", ".join([*MODELLED, *PARTS])
            raise TypeError(f"{function.__name__}: unknown parameter {name}; use one of {known}")
        if name not in function.__annotations__:
            raise TypeError(f"{where} has no annotation")
        if name in PARTS:
            readers[name] = PARTS[name]
        else:
            readers[name] = _bind(MODELLED[name], function.__annotations__[name], where)
    return readers


def _bind(
    read: Callable[[type[Model], Request], Model], model: type[Model], where: str
) -> Callable[[Request], Model]:
    if not isinstance(model, type):
        raise TypeError(f"{where} needs a model class as its annotation")
    model.model_rebuild(raise_errors=False)  # In the init phase, not with the first event.
    return lambda request: read(model, request)


def _read_payload(model: type[T], request: Request) -> T:
    return parse_payload(model, request.read_body())


def _read_query(model: type[T], request: Request) -> T:
    return _parse_strings(model, request.read_query(), "parameter")


def _read_path(model: type[T], request: Request) -> T:
    try:
        return _parse_strings(model, request.path, "parameter")
    except BadRequest:
        raise NotFound("There is no such resource.") from None


def _read_headers(model: type[T], request: Request) -> T:
    headers = request.headers
    repeated = [name for name, values in headers.items() if len(set(values)) > 1]
    strings = {name: values[0] for name, values in headers.items() if values}
    return _parse_strings(model, strings, "header", repeated)


def _read_route(request: Request) -> str:
    method, space, path = request.route.partition(" ")
    return f"{'GET' if method == 'HEAD' else method}{space}{path}"


def _parse_strings(
    model: type[T], strings: dict[str, str], kind: str, repeated: Iterable[str] = ()
) -> T:
    refused = dict.fromkeys(repeated, "Given more than once")
    refused |= {name: "Not a valid text" for name in strings if _is_broken(strings[name])}
    # A field of the model refuses an object. Other names may have any value.
    once: dict[str, Any] = {**strings, **{name: {} for name in refused}}
    try:
        parsed: T = model.model_validate_strings(once)
    except ValidationError as invalid:
        errors = [_describe(error, kind, refused) for error in _list_errors(invalid)]
    else:
        errors = [
            {kind: name, "detail": ODD_INTEGER} for name in _find_odd_integers(parsed, strings)
        ]
    if errors:
        raise BadRequest(f"Invalid {kind}.", errors=errors[:ERRORS_MAX])
    return parsed


def _find_odd_integers(parsed: Model, strings: dict[str, str]) -> list[str]:
    """Return the names of integers that pydantic accepts, such as "+5", " 5" and "1_0"."""
    if not any(type(getattr(parsed, field)) is int for field in parsed.model_fields_set):
        return []
    # The fields may have aliases: only their errors have the names that the request has.
    others = {name: "no integer" for name, text in strings.items() if not _is_plain_integer(text)}
    try:
        type(parsed).model_validate_strings({**strings, **others})
    except ValidationError as invalid:
        errors = _list_errors(invalid)
        return [str(error["loc"][0]) for error in errors if error["type"] == "int_parsing"]
    return []


def _is_plain_integer(text: str) -> bool:
    try:
        return str(int(text)) == text
    except ValueError:
        return False


def _list_errors(invalid: ValidationError) -> list[ErrorDetails]:
    return invalid.errors(include_url=False, include_input=False)


def _describe(error: ErrorDetails, kind: str, refused: dict[str, str]) -> dict[str, str]:
    if not error["loc"]:  # It is about the model, not about one of its fields.
        return {"detail": error["msg"]}
    name = str(error["loc"][0])
    return {kind: name, "detail": refused.get(name, error["msg"])}


def _is_broken(text: str) -> bool:
    """Whether a text has half a character, as only the texts of a typed event can."""
    return not text.isascii() and text.encode(errors="replace").decode() != text


# Read through the parameter's model.
MODELLED = {
    "headers": _read_headers,
    "path": _read_path,
    "payload": _read_payload,
    "query": _read_query,
}
# Read directly, without a model.
PARTS: dict[str, Callable[[Request], Any]] = {
    "all_headers": lambda request: request.headers,
    "caller_id": lambda request: request.caller_id,
    "deadline": lambda request: request.deadline,
    "preconditions": lambda request: request.preconditions,
    "route": _read_route,
    "source_ip": lambda request: request.source_ip,
}
# The problems that a parameter of an entry point brings with it.
RAISED = {
    "deadline": (ServiceUnavailable,),
    "headers": (BadRequest,),
    "path": (NotFound,),
    "payload": (BadRequest, ContentTooLarge, UnsupportedMediaType, UnprocessableContent),
    "preconditions": (BadRequest,),
    "query": (BadRequest,),
}
