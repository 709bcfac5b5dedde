"""Builds a model's validator and serializer from its schema, when they are first used.

A module of models has those of several functions, and each function uses only some of them.
"""

import sys

from pydantic_core import SchemaSerializer, SchemaValidator


class BuiltOnUse:
    """An attribute of a model's class that is built when it is first read.

    `build` takes the class and returns the value.
    """

    def __init__(self, name, build):
        self.name = name
        self.build = build

    def __get__(self, _model, model_class):
        built = self.build(model_class)
        setattr(model_class, self.name, built)
        return built


def build_validator(schema, config=None):
    """Return the validator for a core schema."""
    is_loaded = "re" in sys.modules
    if not is_loaded:
        sys.modules["re"] = UnloadedRe("re")
    try:
        return SchemaValidator(schema, find_config(schema) or config)
    finally:
        if not is_loaded:
            _remove_stand_in()


def build_serializer(schema, config=None):
    """Return the serializer for a core schema."""
    return SchemaSerializer(schema, find_config(schema) or config)


def find_config(schema):
    """Return the configuration in a schema, or None.

    The validator has its own for the title of errors, and for whether these show the input.
    """
    while "config" not in schema and "schema" in schema:
        schema = schema["schema"]
    return schema.get("config")


class UnloadedRe(type(sys)):
    """Stands for the module `re` while a validator is built. For any other use, it loads `re`.

    `re` takes 6 ms to import. pydantic-core imports it for each pattern, to see if that is an
    `re.Pattern`, and calls `re.compile` if the model sets `regex_engine="python-re"`. Most
    patterns are texts, which it matches with an engine of its own:
    https://github.com/pydantic/pydantic/blob/main/pydantic-core/src/validators/string.rs
    """

    Pattern = ()  # No object is an instance of it.

    @staticmethod
    def compile(*arguments):
        """Compile a pattern, as `re.compile` does."""
        return _load_re().compile(*arguments)

    def __getattr__(self, name):
        return getattr(_load_re(), name)


def _load_re():
    _remove_stand_in()
    import re

    return re


def _remove_stand_in():
    if type(sys.modules.get("re")) is UnloadedRe:
        del sys.modules["re"]
