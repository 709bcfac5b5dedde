"""Stand-ins for pydantic's public names, in an artifact that ships only pydantic-core.

Compiled modules import from here what they imported from `pydantic`. A submodule is loaded when
the first of its names is used, because each takes a part of the cold start.
"""

OFFERED = {
    "AliasChoices": "aliases",
    "AliasGenerator": "aliases",
    "AliasPath": "aliases",
    "BaseModel": "model",
    "BaseSettings": "settings",
    "ConfigDict": "config",
    "Extra": "extra",
    "Field": "fields",
    "ModelPrivateAttr": "fields",
    "PrivateAttr": "fields",
    "PydanticDeprecatedSince20": "warnings",
    "PydanticDeprecatedSince210": "warnings",
    "PydanticDeprecatedSince211": "warnings",
    "PydanticDeprecatedSince212": "warnings",
    "PydanticDeprecatedSince214": "warnings",
    "PydanticDeprecatedSince26": "warnings",
    "PydanticDeprecatedSince29": "warnings",
    "PydanticDeprecationWarning": "warnings",
    "PydanticErrorMixin": "errors",
    "PydanticExperimentalWarning": "warnings",
    "PydanticImportError": "errors",
    "PydanticInvalidForJsonSchema": "errors",
    "PydanticSchemaGenerationError": "errors",
    "PydanticUndefinedAnnotation": "errors",
    "PydanticUserError": "errors",
    "RootModel": "root_model",
    "SettingsConfigDict": "settings",
    "SettingsError": "settings",
    "TypeAdapter": "type_adapter",
    "VERSION": "version",
    "ValidationError": "completion",
    "computed_field": "decorators",
    "create_model": "create",
    "dataclass": "dataclasses",
    "field_serializer": "decorators",
    "field_validator": "decorators",
    "is_pydantic_dataclass": "dataclasses",
    "model_serializer": "decorators",
    "model_validator": "decorators",
    "root_validator": "decorators_v1",
    "validator": "decorators_v1",
    "with_config": "decorators",
}
"""The submodule of each name that is offered. `annotations.ANNOTATIONS` has more names.

The compiler refuses code that uses others.
"""


def __getattr__(name):
    submodule = OFFERED.get(name, "annotations")
    if name.startswith("__"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(__import__(f"{__name__}.{submodule}", fromlist=[name]), name)
    globals()[name] = value
    return value
