"""`TypeAdapter` for compiled schemas."""

from pydantic_core import SchemaSerializer

from compiled_pydantic.completion import build_validator
from compiled_pydantic.model import check_names


class TypeAdapter:
    """Validates and serializes values of a type.

    Args:
        schema: a function that returns the core schema of the type, or a model.
        name: of the type, which `repr` shows.
        config: the configuration for pydantic-core, None for its defaults.
    """

    pydantic_complete = True

    def __init__(self, schema, *, name=None, config=None):
        self._schema = schema
        self._name = name or schema.__name__
        self._config = config

    def __class_getitem__(cls, _type):
        return cls

    def __getattr__(self, name):
        # Each is built when it is first used.
        if name not in ("core_schema", "validator", "serializer"):
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        if isinstance(self._schema, type):
            value = getattr(self._schema, f"__pydantic_{name}__")
        elif name == "core_schema":
            value = self._schema()
        else:
            build = build_validator if name == "validator" else SchemaSerializer
            value = build(self._schema(), self._config)
        setattr(self, name, value)
        return value

    def __repr__(self):
        return f"TypeAdapter({self._name})"

    def rebuild(self, *, force=False, **_options):
        """Do nothing: the adapter is complete. Returns True with `force`, as pydantic does."""
        return True if force else None

    def validate_python(self, object, /, *, experimental_allow_partial=False, **options):
        """Return the value, or raise `ValidationError`."""
        check_names(options)
        if experimental_allow_partial:
            options["allow_partial"] = experimental_allow_partial
        return self.validator.validate_python(object, **options)

    def validate_json(self, data, /, *, experimental_allow_partial=False, **options):
        """Return the value for a JSON text, or raise `ValidationError`."""
        check_names(options)
        if experimental_allow_partial:
            options["allow_partial"] = experimental_allow_partial
        return self.validator.validate_json(data, **options)

    def validate_strings(self, obj, /, *, experimental_allow_partial=False, **options):
        """Return the value for strings, or raise `ValidationError`."""
        check_names(options)
        if experimental_allow_partial:
            options["allow_partial"] = experimental_allow_partial
        return self.validator.validate_strings(obj, **options)

    def get_default_value(self, *, strict=None, context=None):
        """Return the default in a `Some`, or None if there is none."""
        return self.validator.get_default_value(strict=strict, context=context)

    def dump_python(self, instance, /, *, mode="python", **options):
        """Return the value as Python's own types."""
        return self.serializer.to_python(instance, mode=mode, **options)

    def dump_json(self, instance, /, **options):
        """Return the value as JSON, in bytes."""
        return self.serializer.to_json(instance, **options)
