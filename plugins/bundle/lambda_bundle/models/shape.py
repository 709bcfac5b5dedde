"""Writes the shapes of models with only JSON's own types, which `json` can serialize."""

from collections.abc import Callable
from typing import Any

# Core schemas whose values `json` and pydantic serialize alike, unlike floats, and their types.
SCALARS = {"bool": "bool", "int": "int", "none": "type(None)", "str": "str"}
# They serialize what is inside them.
WRAPPERS = {"default", "definitions", "function-after", "function-before", "function-wrap"}
PLAIN_FIELD = {"frozen", "metadata", "schema", "serialization_alias", "type", "validation_alias"}
# Configuration that does not change how values of these types are serialized.
PLAIN_CONFIG = {
    *("allow_inf_nan", "cache_strings", "coerce_numbers_to_str", "extra_fields_behavior"),
    *("from_attributes", "frozen", "hide_input_in_errors", "loc_by_alias", "regex_engine"),
    *("revalidate_instances", "str_max_length", "str_min_length", "str_strip_whitespace"),
    *("str_to_lower", "str_to_upper", "strict", "title", "validate_by_alias", "validate_by_name"),
    *("validate_default", "validation_error_cause"),
}


def write_shape(schema: dict[str, Any], name: Callable[[type], str]) -> str | None:
    """Return the source of a model's shape, or None if `json` cannot serialize the model.

    runtime/compiled_pydantic/json_text.py describes shapes. `name` returns the expression for a
    class.
    """
    return _Shapes(schema, name).write_model(schema)


class _Shapes:
    def __init__(self, schema: dict[str, Any], name: Callable[[type], str]) -> None:
        self._definitions = {each["ref"]: each for each in schema.get("definitions", ())}
        self._name = name
        self._within: list[type] = []

    def write_model(self, schema: dict[str, Any]) -> str | None:
        model = self._unwrap(schema)
        if model is None or model["type"] != "model" or model["cls"] in self._within:
            return None
        content = self._unwrap(model["schema"])
        if content is None or not model.get("config", {}).keys() <= PLAIN_CONFIG:
            return None
        if content["type"] != "model-fields" or content.get("computed_fields"):
            return None
        self._within.append(model["cls"])
        fields = self._write_fields(content["fields"])
        self._within.pop()
        return fields

    def _write_fields(self, schemas: dict[str, Any]) -> str | None:
        fields = {}
        for field, definition in schemas.items():
            inner = self._write(definition["schema"])
            public = definition.get("serialization_alias", field)
            is_plain = definition.keys() <= PLAIN_FIELD and type(public) is str
            if not inner or not is_plain or public in fields:
                return None
            fields[public] = f"{field!r}: ({public!r}, {inner})"
        return f"{{{', '.join(fields.values())}}}"

    def _unwrap(self, schema: dict[str, Any]) -> dict[str, Any] | None:
        """Return the schema that serializes, or None if a function does."""
        while "serialization" not in schema:
            if schema["type"] in WRAPPERS:
                schema = schema["schema"]
            elif schema["type"] == "definition-ref":
                schema = self._definitions[schema["schema_ref"]]
            else:
                return schema
        return None

    def _write(self, schema: dict[str, Any]) -> str | None:
        found = self._unwrap(schema)
        kind = found["type"] if found else None
        if found is None or kind is None:
            return None
        if kind in SCALARS:
            return f"{{{SCALARS[kind]}}}"
        if kind == "literal" and all(type(each) is str for each in found["expected"]):
            # The core warns of other values.
            return f"frozenset({sorted(found['expected'])!r})"
        if kind == "model":
            return self._name(found["cls"]) if self.write_model(found) else None
        return self._write_container(found)

    def _write_container(self, schema: dict[str, Any]) -> str | None:
        kind = schema["type"]
        if kind == "nullable" and (inner := self._write(schema["schema"])):
            is_set = inner[0] == "{" and ":" not in inner
            return f"{inner[:-1]}, type(None)}}" if is_set else f"({inner},)"
        if kind == "list" and (inner := self._write(schema.get("items_schema", {"type": "any"}))):
            return f"[{inner}]"
        if kind == "dict" and schema.get("keys_schema", {}).get("type") == "str":
            inner = self._write(schema.get("values_schema", {"type": "any"}))
            return f"{{'': {inner}}}" if inner else None
        return None
