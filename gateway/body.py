"""Parses a body into a typed payload, as strictly as Rust's `serde_json` parses a struct."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic_core import ValidationError

from gateway.problem import BadRequest, UnprocessableContent
from invocation.json_text import ParserHooks, parse_json

if TYPE_CHECKING:
    from typing import Any

    from pydantic_core import ErrorDetails

    from gateway.types import Model, T

ERRORS_MAX = 20  # More would not help, and would let a small body cause a large response.


def parse_payload(model: type[T], text: str) -> T:
    """Return the payload that a JSON text holds.

    Raises:
        BadRequest: the text is not JSON (RFC 8259).
        UnprocessableContent: the JSON does not match the model's schema.
    """
    details: list[ErrorDetails] = []
    try:
        payload: T = model.model_validate_json(text)
    except ValidationError as invalid:
        details = invalid.errors(include_url=False, include_input=False)
        if details[0]["type"] == "json_invalid":
            raise BadRequest(f"The body is not JSON: {details[0]['ctx']['error']}.") from None
    if not details and not _needs_strict_parse(text, len(payload.model_fields_set)):
        return payload
    parser = _StrictParser()
    tree = parser.parse(text)
    errors = {_pointer(each, tree): each["msg"] for each in details}
    if parser.found_violations:
        for pointer, message in _find_violations(model, tree).items():
            errors.setdefault(pointer, message)
    if errors:
        raise UnprocessableContent(
            "The body does not match the schema.",
            errors=[{"pointer": each, "detail": errors[each]} for each in errors][:ERRORS_MAX],
        )
    return payload


# Placeholders in the tree for values that pydantic's parser accepts and `serde_json` rejects.
_REPEATED = object()
_NEGATIVE_ZERO = object()


def _needs_strict_parse(text: str, field_count: int) -> bool:
    """Whether a text may contain something that pydantic's parser hides; see `_StrictParser`.

    `field_count` is how many fields pydantic found.
    """
    # Each member has a colon. More colons than fields may mean a repeated or an ignored member.
    return text.count(":") > field_count or "-0" in text or "NaN" in text or "Infinity" in text


class _StrictParser:
    """The standard library's parser, which shows what pydantic's hides.

    pydantic's takes the last of members with the same name, reads `-0` as the integer 0, and
    accepts NaN and Infinity, which are not JSON.
    """

    def __init__(self) -> None:
        self.found_violations = False

    def parse(self, text: str) -> Any:
        """Return the value of a text that pydantic accepts as JSON."""
        return parse_json(text, ParserHooks(self._parse_members, self._parse_integer, self._refuse))

    def _parse_members(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        members: dict[str, Any] = {}
        for name, value in pairs:
            self.found_violations |= name in members
            members[name] = _REPEATED if name in members else value
        return members

    def _parse_integer(self, digits: str) -> object:
        self.found_violations |= digits == "-0"
        return _NEGATIVE_ZERO if digits == "-0" else int(digits)

    def _refuse(self, constant: str) -> None:
        raise BadRequest(f"The body is not JSON: {constant} is not a JSON number.")


def _find_violations(model: type[Model], tree: Any) -> dict[str, str]:
    """Return the errors of repeated members and negative zeros in the fields, by JSON pointer."""
    errors = {}
    try:
        # Not strict: that would reject values that JSON writes as strings, such as dates.
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

    Parts of pydantic's location that name a member of a union are left out.
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
        places += error["loc"][-1:]
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in places)
