"""The arguments of an entry point: each parameter's name says which part of the request it gets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic_core import ValidationError

from gateway.body import ERRORS_MAX, parse_payload
from gateway.problem import BadRequest, NotFound

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    from gateway.request import Request
    from gateway.types import Model, T


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
    repeated = {name for name, values in headers.items() if len(values) > 1}
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
    errors = []
    try:
        parsed: T = model.model_validate_strings(once)
        # pydantic accepts "+5", " 5" and "1_0" as integers.
        errors = [
            {kind: name, "detail": "Input should be a valid integer, in plain digits"}
            for name in parsed.model_fields_set
            if type(getattr(parsed, name)) is int
            and str(getattr(parsed, name)) != strings.get(name)
        ]
    except ValidationError as invalid:
        for error in invalid.errors(include_url=False, include_input=False):
            name = str(error["loc"][0])
            errors.append({kind: name, "detail": refused.get(name, error["msg"])})
    if errors:
        raise BadRequest(f"Invalid {kind}.", errors=errors[:ERRORS_MAX])
    return parsed


def _is_broken(text: str) -> bool:
    """Whether a text has half a character, as only the texts of a typed event can."""
    return text.encode(errors="replace").decode() != text


# Read through the parameter's model.
MODELLED = {
    "headers": _read_headers,
    "path": _read_path,
    "payload": _read_payload,
    "query": _read_query,
}
# Read directly, without a model.
PARTS: dict[str, Callable[[Request], Any]] = {
    "deadline": lambda request: request.deadline,
    "preconditions": lambda request: request.preconditions,
    "route": _read_route,
    "source_ip": lambda request: request.source_ip,
}
