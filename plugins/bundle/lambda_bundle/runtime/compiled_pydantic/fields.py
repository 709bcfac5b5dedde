"""Fields and private attributes."""

from pydantic_core import PydanticUndefined

from compiled_pydantic.since import is_since


def Field(default=PydanticUndefined, *, default_factory=None, **options):  # noqa: N802
    """Return what a class body holds for a field. `complete` takes the default from it."""
    return Default(default, default_factory, options)


def PrivateAttr(default=PydanticUndefined, *, default_factory=None, init=False):  # noqa: ARG001, N802
    """Return what a class body holds for a private attribute."""
    return ModelPrivateAttr(default, default_factory=default_factory)


class Default:
    """A default in a class body: a value, or a function that makes it."""

    def __init__(self, default, factory, options):
        self.default = default
        self.factory = factory
        self.options = options

    def captured(self):
        """Return the factory, or the value if there is none."""
        return self.default if self.factory is None else self.factory


class ModelPrivateAttr:
    """A private attribute of a model: its default, or what makes it."""

    def __init__(self, default=PydanticUndefined, *, default_factory=None):
        self.default = PydanticUndefined if default is Ellipsis else default
        self.default_factory = default_factory

    def get_default(self, values):
        """Return the default, `PydanticUndefined` if there is none.

        `values` has the fields and the private attributes so far; some factories take them.
        """
        if self.default_factory is None:
            return copy_default(self.default)
        if is_since(2, 13) and takes_values(self.default_factory):
            return self.default_factory(values)
        return self.default_factory()


class FieldInfo:
    """What is known of a field, read from the core schema of its model.

    It has no `annotation`, `metadata` nor anything else that only JSON schemas show.
    """

    def __init__(self, schema, *, alias, repr, frozen):
        self.schema = schema
        self.alias = alias
        self.repr = repr
        self.frozen = frozen

    @property
    def exclude(self):
        """True if the field is never serialized, else None."""
        return True if self.schema.get("serialization_exclude") else None

    @property
    def _default(self):
        """The schema with the default. Validators may be around that of a root model."""
        schema = self.schema["schema"]
        while schema["type"] != "default" and self.schema["type"] == "model":
            if "schema" not in schema or not schema["type"].startswith("function-"):
                break
            schema = schema["schema"]
        return schema

    def is_required(self):
        """Whether the field has no default."""
        return self._default["type"] != "default"

    def get_default(self, values):
        """Return the default. `values` has the fields so far; some factories take them."""
        inner = self._default
        if "default_factory" not in inner:
            return copy_default(inner["default"])
        factory = inner["default_factory"]
        return factory(values) if inner.get("default_factory_takes_data") else factory()

    def pop_by_alias(self, values):
        """Remove and return the value that has one of the field's aliases.

        Returns `PydanticUndefined` if there is none. The value in a path stays where it is.
        """
        if self.alias in values:
            return values.pop(self.alias)
        aliases = self.schema.get("validation_alias", [])
        if isinstance(aliases, str):
            aliases = [[aliases]]
        elif aliases and not isinstance(aliases[0], list):
            aliases = [aliases]
        for path in aliases:
            if len(path) == 1 and path[0] in values:
                return values.pop(path[0])
            found = find_path(values, path)
            if found is not PydanticUndefined:
                return found
        return PydanticUndefined


def describe_fields(own, names, *, hidden, frozen, aliases):
    """Return a FieldInfo by name for the fields of a model.

    `own` is the part of the core schema that describes the model.
    """
    schemas = {"root": own} if own.get("root_model") else _find_fields(own)
    return {
        name: FieldInfo(
            schemas[name],
            alias=aliases.get(name),
            repr=name not in hidden,
            frozen=name in frozen or None,
        )
        for name in names
    }


def _find_fields(own):
    inner = own["schema"]
    while "fields" not in inner:  # Validators may be around the fields.
        inner = inner["schema"]
    fields = inner["fields"]
    # Those of a dataclass are a list.
    return fields if isinstance(fields, dict) else {each["name"]: each for each in fields}


class ComputedFieldInfo:
    """What is known of a computed field."""

    def __init__(self, *, repr):
        self.repr = repr


def describe_computed(names, hidden):
    """Return a ComputedFieldInfo by name for computed fields."""
    return {name: ComputedFieldInfo(repr=name not in hidden) for name in names}


def find_path(value, path):
    """Return what a path of keys and indexes leads to, else `PydanticUndefined`."""
    for key in path:
        if isinstance(value, str):
            return PydanticUndefined
        try:
            value = value[key]
        except (KeyError, IndexError, TypeError):
            return PydanticUndefined
    return value


def copy_default(value):
    """Return a copy of a default, so that instances do not share it."""
    if value is None or value is PydanticUndefined or type(value) in IMMUTABLE:
        return value
    from copy import deepcopy

    return deepcopy(value)


IMMUTABLE = {str, int, float, bool, bytes, type}


def takes_values(factory):
    """Whether a factory has one required parameter, which then gets the values so far."""
    if factory in BUILTIN_FACTORIES:
        return False
    from inspect import Parameter, signature

    try:
        parameters = list(signature(factory).parameters.values())
    except ValueError:
        return False  # A built-in function.
    return (
        len(parameters) == 1
        and parameters[0].kind in (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)
        and parameters[0].default is Parameter.empty
    )


BUILTIN_FACTORIES = [dict, list, set, frozenset, tuple, str, int, float, bool, bytes, object]
