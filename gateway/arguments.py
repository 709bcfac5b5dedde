"""The arguments of an entry point: each parameter takes, by its name, a part of the request."""

from __future__ import annotations

from pydantic_core import ValidationError

from gateway.body import ERRORS_MAX, read_payload
from gateway.problem import BadRequest, NotFound

TYPE_CHECKING = False  # As typing says it; importing that would lengthen every cold start.
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from gateway.request import Request
    from gateway.types import AnyModel, Model


def find_readers(function: Callable[..., Any]) -> dict[str, Callable[[Request], Any]]:
    """Return what reads each of a function's arguments from a request.

    Raises:
        TypeError: a parameter is no part of a request, or has no annotation, or none that is the
            class of its model.
    """
    readers: dict[str, Callable[[Request], Any]] = {}
    inner = function
    while hasattr(inner, "__wrapped__"):  # By another decorator.
        inner = inner.__wrapped__
    code = inner.__code__
    for name in code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]:
        which = f"{function.__name__}: {name}"
        if name not in PARTS and name not in MODELLED:
            known = ", ".join([*MODELLED, *PARTS])
            raise TypeError(f"{which} is no part of a request: {known}")
        if name not in function.__annotations__:
            raise TypeError(f"{which} has no annotation")
        if name in PARTS:
            readers[name] = PARTS[name]
        else:
            readers[name] = _bind(MODELLED[name], function.__annotations__[name], which)
    return readers


def _bind(
    read: Callable[[type[Model], Request], Model], model: type[Model], which: str
) -> Callable[[Request], Model]:
    if not isinstance(model, type):
        raise TypeError(f"{which} does not name its model's class")
    return lambda request: read(model, request)


def _read_payload(model: type[AnyModel], request: Request) -> AnyModel:
    return read_payload(model, request.read_body())


def _read_query(model: type[AnyModel], request: Request) -> AnyModel:
    return _read_strings(model, request.read_query(), "parameter")


def _read_path(model: type[AnyModel], request: Request) -> AnyModel:
    try:
        return _read_strings(model, request.path, "parameter")
    except BadRequest:
        raise NotFound("There is no such thing.") from None


def _read_headers(model: type[AnyModel], request: Request) -> AnyModel:
    return _read_strings(model, request.headers, "header")


def _read_strings(model: type[AnyModel], strings: dict[str, str], kind: str) -> AnyModel:
    try:
        parameters: AnyModel = model.model_validate_strings(strings)
        errors = [
            {kind: name, "detail": "Input should be a valid integer, in plain digits"}
            for name in parameters.model_fields_set
            if type(getattr(parameters, name)) is int
            and str(getattr(parameters, name)) != strings.get(name)
        ]
    except ValidationError as invalid:
        errors = [
            {kind: str(error["loc"][0]), "detail": error["msg"]}
            for error in invalid.errors(include_url=False, include_input=False)
        ]
    if errors:
        raise BadRequest(f"A {kind} is not as it must be.", errors=errors[:ERRORS_MAX])
    return parameters


# Those that a model types.
MODELLED = {
    "headers": _read_headers,
    "path": _read_path,
    "payload": _read_payload,
    "query": _read_query,
}
# Those that are what they are.
PARTS: dict[str, Callable[[Request], Any]] = {
    "deadline": lambda request: request.deadline,
    "if_match": lambda request: request.if_match,
    "route": lambda request: request.route or "",
    "source_ip": lambda request: request.source_ip,
}
