"""Writes the shapes of models with only JSON's own types, which `json` can serialize."""

from collections.abc import Callable
from typing import Any

# Core schemas whose values `json` and pydantic serialize alike, unlike floats.
SCALARS = {"bool", "int", "none", "str"}
PLAIN_FIELD = {"metadata", "schema", "serialization_alias", "type", "validation_alias"}
PLAIN_CONFIG = {"extra_fields_behavior", "frozen", "strict", "title", "validate_by_name"}


def write_shape(schema: dict[str, Any], name: Callable[[type], str]) -> str | None:
    """Return the source of a model's shape, or None if `json` cannot serialize the model.

    runtime/compiled_json.py describes shapes. `name` returns the expression for a class.
    """
    if schema["type"] != "model" or not schema.get("config", {}).keys() <= PLAIN_CONFIG:
        return None
    fields = []
    for field, definition in schema["schema"]["fields"].items():
        inner = _write(definition["schema"], name)
        if not inner or not definition.keys() <= PLAIN_FIELD:
            return None
        public = definition.get("serialization_alias", field)
        fields.append(f"{field!r}: ({public!r}, {inner})")
    return f"{{{', '.join(fields)}}}"


def _write(schema: dict[str, Any], name: Callable[[type], str]) -> str | None:  # noqa: PLR0911
    if "serialization" in schema:
        return None
    kind = schema["type"]
    if kind in SCALARS or (
        kind == "literal" and all(type(each) in (str, int, bool) for each in schema["expected"])
    ):
        return "{str, int, bool}"
    if kind in ("default", "nullable"):
        return _write(schema["schema"], name)
    if kind == "list" and (inner := _write(schema.get("items_schema", {"type": "any"}), name)):
        return f"[{inner}]"
    if kind == "dict" and schema.get("keys_schema", {}).get("type") == "str":
        inner = _write(schema.get("values_schema", {"type": "any"}), name)
        return f"{{'': {inner}}}" if inner else None
    if kind == "model" and write_shape(schema, name):
        return name(schema["cls"])
    return None
