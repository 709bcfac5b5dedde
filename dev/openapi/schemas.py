"""JSON schemas of models, with those of all models in one place."""

from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode, models_json_schema

REFERENCE = "#/components/schemas/{model}"


class Schemas(GenerateJsonSchema):
    """Leaves out the titles of fields, which only repeat their names."""

    def field_title_should_be_set(self, _schema: Any) -> bool:
        """Return False."""
        return False


class Components:
    """The schemas of the models that were asked for, and those that these refer to.

    A schema has the name of its model's class, or the title that the model's configuration has.
    """

    def __init__(self, models: list[tuple[type[BaseModel], JsonSchemaMode]]) -> None:
        self._references, generated = models_json_schema(
            models, by_alias=True, ref_template=REFERENCE, schema_generator=Schemas
        )
        self._titles = {model.__name__: _find_title(model) for model, _ in models}
        definitions = generated.get("$defs", {}).items()
        self.schemas = {self._titles.get(name, name): each for name, each in definitions}
        if len(self.schemas) < len(definitions) or "Problem" in self.schemas:
            raise ValueError("Two schemas have one name. Set `title` in the model_config of one.")

    def refer_to(self, model: type[BaseModel], mode: JsonSchemaMode) -> dict[str, Any]:
        """Return the reference to a model's schema."""
        name = self._references[model, mode]["$ref"].rpartition("/")[2]
        return {"$ref": REFERENCE.format(model=self._titles.get(name, name))}


def _find_title(model: type[BaseModel]) -> str:
    return model.model_config.get("title") or model.__name__


def describe_parameters(model: type[BaseModel], place: str) -> list[dict[str, Any]]:
    """Return the parameters that a model reads from a place: a path, query or header."""
    schema = model.model_json_schema(by_alias=True, schema_generator=Schemas)
    required = schema.get("required", [])
    return [
        _describe(name, definition, place, is_required=name in required)
        for name, definition in schema["properties"].items()
    ]


def _describe(
    name: str, definition: dict[str, Any], place: str, *, is_required: bool
) -> dict[str, Any]:
    schema = _without_null(definition)
    described: dict[str, Any] = {
        "name": name.title() if place == "header" else name,
        "in": place,
    }
    if description := schema.pop("description", None):
        described["description"] = description
    if examples := schema.pop("examples", None):
        described["example"] = examples[0]
    if place == "path":  # Its routes have it, even if the entry point has others, too.
        schema.pop("default", None)
    if is_required or place == "path":
        described["required"] = True
    return described | {"schema": schema}


def _without_null(definition: dict[str, Any]) -> dict[str, Any]:
    """Return a schema without null, which only a body can have: parameters are left out."""
    schema = dict(definition)
    if choices := schema.pop("anyOf", None):
        [other] = [each for each in choices if each != {"type": "null"}]
        schema |= other
    if schema.get("default", "") is None:
        del schema["default"]
    return schema
