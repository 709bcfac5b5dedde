"""From a body's text to a typed payload, as strictly as Rust's `serde_json` reads a struct."""

from __future__ import annotations

import json

from pydantic_core import ValidationError

from gateway.problem import BadRequest, UnprocessableContent

TYPE_CHECKING = False  # As typing says it; importing that would lengthen every cold start.
if TYPE_CHECKING:
    from typing import Any

    from pydantic_core import ErrorDetails

    from gateway.types import AnyModel, Model

ERRORS_MAX = 20  # More help nobody, and would let a small body ask for a large reply.


def read_payload(model: type[AnyModel], text: str) -> AnyModel:
    """Return the payload that the JSON text holds.

    Raises:
        BadRequest: the text is not JSON (RFC 8259).
        UnprocessableContent: it is JSON that breaks the model's schema.
    """
    refusals: list[ErrorDetails] = []
    try:
        payload: AnyModel = model.model_validate_json(text)
    except ValidationError as invalid:
        refusals = invalid.errors(include_url=False, include_input=False)
        if refusals[0]["type"] == "json_invalid":
            raise BadRequest(f"The body is not JSON: {refusals[0]['ctx']['error']}.") from None
    if not refusals and not _may_be_odd(text, len(payload.model_fields_set)):
        return payload
    reader = _SecondReader()
    tree = reader.decode(text)
    errors = {_pointer(each, tree): each["msg"] for each in refusals}
    if reader.met_oddities:
        errors |= {**_find_oddities(model, tree), **errors}
    if errors:
        raise UnprocessableContent(
            "The body is JSON, but not the payload that this function takes.",
            errors=[{"pointer": each, "detail": errors[each]} for each in errors][:ERRORS_MAX],
        )
    return payload


# What stands in the tree for a value that pydantic's parser takes and `serde_json` refuses.
_REPEATED = object()
_NEGATIVE_ZERO = object()


def _may_be_odd(text: str, members: int) -> bool:
    """Whether there may be more in a text than that many members, each once, of plain JSON."""
    return text.count(":") > members or "-0" in text or "NaN" in text or "Infinity" in text


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
        self.met_oddities = False

    def _read_members(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        members: dict[str, Any] = {}
        for name, value in pairs:
            self.met_oddities |= name in members
            members[name] = _REPEATED if name in members else value
        return members

    def _read_integer(self, digits: str) -> object:
        self.met_oddities |= digits == "-0"
        return _NEGATIVE_ZERO if digits == "-0" else int(digits)

    def _refuse(self, constant: str) -> None:
        raise BadRequest(f"The body is not JSON: {constant} is not a JSON number.")


def _find_oddities(model: type[Model], tree: Any) -> dict[str, str]:
    """Return what is wrong with members of the model that the first reading let pass."""
    errors = {}
    try:
        # Not strictly, since that would refuse what only JSON's types can say, such as dates.
        model.model_validate(tree, strict=False)
    except ValidationError as invalid:
        for error in invalid.errors(include_url=False):
            if error["input"] is _REPEATED:
                errors[_pointer(error, tree)] = "Given more than once"
            elif error["input"] is _NEGATIVE_ZERO and error["type"] == "int_type":
                errors[_pointer(error, tree)] = "Negative zero is not an integer"
    return errors


def _pointer(error: ErrorDetails, tree: Any) -> str:
    """Return the JSON pointer (RFC 6901) to the place of an error.

    Not every part of pydantic's location is a place: some name the choice of a union that it tried.
    """
    places: list[int | str] = []
    for part in error["loc"]:
        match tree, part:
            case (dict(), str()) if part in tree:
                places.append(part)
                tree = tree[part]
            case (list(), int()):
                places.append(part)
                tree = tree[part]
    if error["type"] == "missing":
        places.append(error["loc"][-1])
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in places)
