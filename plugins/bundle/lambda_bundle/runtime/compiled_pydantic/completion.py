"""Completes the classes of compiled models.

Validators and serializers are built when they are first used: a module of models has those of
several functions, and each function uses only some of them.
"""

import sys

from pydantic_core import SchemaSerializer, SchemaValidator, ValidationError

from compiled_pydantic.model import BaseModel, ModelMetaclass
from compiled_pydantic.version import VERSION


def _tell_version():
    """Have errors link to the documentation of the packaged pydantic's version.

    pydantic-core reads the version once, for the first error, from the module `pydantic`, which is
    not there.
    """
    is_blocked = "pydantic" in sys.modules  # By None, so that it cannot be imported.
    if sys.modules.get("pydantic"):
        return
    sys.modules["pydantic"] = pydantic = type(sys)("pydantic")
    pydantic.__version__ = VERSION
    try:
        ValidationError.from_exception_data("", [{"type": "missing", "input": None}]).errors()
    finally:
        if is_blocked:
            sys.modules["pydantic"] = None
        else:
            del sys.modules["pydantic"]


_tell_version()


def complete(
    schema,
    *,
    fields,
    captured=(),
    private=(),
    computed=(),
    class_vars=(),
    hidden=(),
    frozen_fields=(),
    aliases=None,
    deprecated=None,
    config=None,
    shape=None,
    settings=None,
    undefined=None,
):
    """Return a decorator that gives a model's class what pydantic's metaclass would give it.

    For a dataclass, it comes before pydantic's decorator `dataclass`.

    Args:
        schema: a function of the class which returns its core schema. It is called when the
            validator or serializer is first used, so it may name what is defined later.
        fields: the names of the fields, also those that are inherited, in their order.
        captured: fields whose default, or default factory, the class body holds. The schema finds
            it in `cls.__captured__[name]`.
        private: private attributes, those with a default in the class body, and those without.
        computed: the names of the computed fields, also those that are inherited.
        class_vars: the names of the class variables, also those that are inherited.
        hidden: fields and computed fields that `repr` leaves out.
        frozen_fields: fields that are frozen. All are, if `config` says so.
        aliases: the alias by name of each field whose validation alias is another one.
        deprecated: the message by name of each field that is deprecated.
        config: the `model_config`, with what was inherited.
        shape: a function which returns what json_text.py describes. None, if pydantic-core must
            serialize the model.
        settings: for a class of settings, see settings.py.
        undefined: a name in an annotation that is not defined: there is no schema. The model raises
            what pydantic raises.
    """
    if shape and "_json" in sys.modules:  # A function that has JSON loaded is about to write some.
        import compiled_pydantic.json_text  # noqa: F401

    def decorate(model):
        if not isinstance(model, ModelMetaclass):
            from compiled_pydantic.dataclasses import remember

            return remember(
                model,
                schema=schema,
                fields=fields,
                captured=captured,
                hidden=hidden,
                frozen_fields=frozen_fields,
                aliases=aliases,
                config=config,
            )
        own = {
            "model_config": config or {},
            "__captured__": {name: _capture(model, name) for name in captured},
            "__class_vars__": frozenset(class_vars),
            "__frozen_fields__": frozenset(frozen_fields),
            "__settings__": settings,
            "__shape__": shape and BuiltOnUse(model, "__shape__", lambda _model: shape()),
        }
        for name, value in own.items():
            setattr(model, name, value)
        if computed or model.__pydantic_computed_fields__:
            from compiled_pydantic.fields import describe_computed

            model.__pydantic_computed_fields__ = describe_computed(computed, hidden)
        set_on_use(model, schema, fields, hidden, aliases or {})
        if private or model.__private_attributes__:
            from compiled_pydantic.private import set_private

            set_private(model, private)
        if model.model_post_init is not BaseModel.model_post_init:
            model.__pydantic_post_init__ = "model_post_init"
        if deprecated:
            from compiled_pydantic.misuse import set_deprecated

            set_deprecated(model, deprecated)
        if config and config.get("frozen") and not model.__has_own_hash__:
            _set_hash(model, fields)
        return _call_hooks(model, undefined)

    return decorate


def imported(name):
    """Return a module, which is imported if it was not yet. Schemas name what they use by it."""
    return sys.modules.get(name) or __import__(name, fromlist=["__name__"])


def _call_hooks(model, undefined):
    if undefined:
        from compiled_pydantic.misuse import set_undefined

        set_undefined(model, undefined)
    else:
        model.__pydantic_complete__ = True
        model.__pydantic_on_complete__()
    super(model, model).__pydantic_init_subclass__(**model.__class_arguments__)
    return model


def set_on_use(model, schema, fields, hidden, aliases):
    """Give a class the attributes that are built from its schema when they are first read."""

    def describe(model):
        from compiled_pydantic.fields import describe_fields

        return describe_fields(
            find_own(schema(model), model),
            fields,
            hidden=hidden,
            frozen=model.__frozen_fields__,
            aliases=aliases,
        )

    def building(build):
        def build_from_schema(model):
            made = schema(model)
            return build(made, find_own(made, model)["config"])

        return build_from_schema

    for name, build in (
        ("__pydantic_core_schema__", schema),
        ("__pydantic_validator__", building(build_validator)),
        ("__pydantic_serializer__", building(SchemaSerializer)),
        ("__pydantic_fields__", describe),
    ):
        setattr(model, name, BuiltOnUse(model, name, build))


def _capture(model, name):
    """Take a field's default, or its default factory, from the class body."""
    held = model.__dict__[name]
    delattr(model, name)
    return held.captured() if hasattr(held, "captured") else held


def _set_hash(model, fields):
    inherited = next(
        (vars(each)["__hash__"] for each in model.__mro__[1:] if "__hash__" in vars(each)), None
    )
    if inherited in (None, object.__hash__) or hasattr(inherited, "is_of_fields"):

        def hash_fields(self):
            values = [self.__dict__.get(name, fields) for name in fields]
            return hash(values[0] if len(values) == 1 else tuple(values))

        hash_fields.is_of_fields = True
        model.__hash__ = hash_fields


class BuiltOnUse:
    """An attribute of a model's class that is built when it is first read.

    `build` takes the class that has the attribute, of which there may be a subclass, and returns
    the value.
    """

    def __init__(self, owner, name, build):
        self.owner = owner
        self.name = name
        self.build = build

    def __get__(self, _model, _model_class):
        try:
            built = self.build(self.owner)
        except AttributeError as error:
            # Python would say that the model does not have this attribute.
            message = f"{self.owner.__name__}.{self.name} cannot be built: {error}"
            raise TypeError(message) from error
        setattr(self.owner, self.name, built)
        return built


def build_validator(schema, config):
    """Return the validator for a core schema, and a configuration or None."""
    is_loaded = "re" in sys.modules
    if not is_loaded:
        sys.modules["re"] = UnloadedRe("re")
    try:
        return SchemaValidator(schema, config)
    finally:
        if not is_loaded:
            _remove_stand_in()


def find_own(schema, model):
    """Return the part of a core schema that describes the class: its fields and configuration.

    Validators of the whole model are around it.

    Raises:
        TypeError: there is none, because the class makes its schema itself.
    """
    definitions = {}
    while schema.get("cls") is not model:
        for each in schema.get("definitions", ()):
            definitions[each["ref"]] = each
        if schema["type"] == "definition-ref":
            schema = definitions.pop(schema["schema_ref"], {"type": "any"})
        elif "schema" in schema:
            schema = schema["schema"]
        else:
            raise TypeError(f"The schema of {model.__name__} describes another type.")
    return schema


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
