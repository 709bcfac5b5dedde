"""From a body's text to a typed payload, as strictly as Rust's `serde_json` reads a struct."""

import json
from typing import Any, Protocol, TypeVar

from pydantic_core import ValidationError

from gateway.problem import BadRequest, UnprocessableContent


class Model(Protocol):
    """A pydantic model, as far as the edge uses one."""

    @classmethod
    def model_validate(cls, obj: Any, /) -> Any:
        """Return the model of that object."""

    @classmethod
    def model_validate_json(cls, json_data: str, /) -> Any:
        """Return the model of that JSON text."""

    def model_dump_json(self) -> str:
        """Return the model as JSON text."""


AnyModel = TypeVar("AnyModel", bound=Model)


def read_payload(model: type[AnyModel], text: str) -> AnyModel:
    """Return the payload that the JSON text holds.

    Raises:
        BadRequest: the text is not JSON (RFC 8259).
        UnprocessableContent: it is JSON that breaks the model's schema.
    """
    errors: dict[str, str] = {}
    try:
        payload: AnyModel = model.model_validate_json(text)
    except ValidationError as invalid:
        for error in invalid.errors(include_url=False, include_input=False):
            if error["type"] == "json_invalid":
                raise BadRequest(f"The body is not JSON: {error['ctx']['error']}.") from None
            errors[_pointer(error["loc"])] = error["msg"]
    errors = _read_again(model, text) | errors
    if errors:
        raise UnprocessableContent(
            "The body is JSON, but not the payload that this function takes.",
            errors=[{"pointer": pointer, "detail": errors[pointer]} for pointer in errors],
        )
    return payload


# What stands in the tree for a value that pydantic's parser takes and `serde_json` refuses.
_REPEATED = object()
_NEGATIVE_ZERO = -0.0
_DETAILS = {
    id(_REPEATED): "Given more than once",
    id(_NEGATIVE_ZERO): "Negative zero is not an integer",
}


class _SecondReader(json.JSONDecoder):
    """The standard library's parser, which shows what pydantic's hides.

    That is a member given twice, of which the last wins; `-0`, read as the integer 0; and NaN and
    Infinity, which are not JSON.
    """

    def __init__(self) -> None:
        super().__init__(
            object_pairs_hook=self._read_members,
            parse_int=self._read_integer,
            parse_constant=self._refuse,
        )
        self.used_stand_ins = False

    def _read_members(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        members: dict[str, Any] = {}
        for name, value in pairs:
            self.used_stand_ins |= name in members
            members[name] = _REPEATED if name in members else value
        return members

    def _read_integer(self, digits: str) -> float:
        self.used_stand_ins |= digits == "-0"
        return _NEGATIVE_ZERO if digits == "-0" else int(digits)

    def _refuse(self, constant: str) -> None:
        raise BadRequest(f"The body is not JSON: {constant} is not a JSON number.")


def _read_again(model: type[Model], text: str) -> dict[str, str]:
    """Return what is wrong with members of the model that the first reading let pass."""
    reader = _SecondReader()
    tree = reader.decode(text)
    if not reader.used_stand_ins:
        return {}
    try:
        model.model_validate(tree)
    except ValidationError as invalid:
        return {
            _pointer(error["loc"]): _DETAILS[id(error["input"])]
            for error in invalid.errors(include_url=False)
            if id(error["input"]) in _DETAILS
        }
    return {}


def _pointer(location: tuple[int | str, ...]) -> str:
    """Return the JSON pointer (RFC 6901) to that place in the body."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in location)
