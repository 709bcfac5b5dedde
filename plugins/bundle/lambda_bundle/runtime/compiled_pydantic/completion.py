"""Completes the classes of compiled models."""

from compiled_pydantic.build import BuiltOnUse, build_serializer, build_validator
from compiled_pydantic.model import BaseModel


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
):
    """Return a decorator that gives a model's class what pydantic's metaclass would give it.

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
    """

    def decorate(model):
        own = {
            "model_config": config or {},
            "__captured__": {name: _capture(model, name) for name in captured},
            "__class_vars__": frozenset(class_vars),
            "__frozen_fields__": frozenset(frozen_fields),
            "__pydantic_computed_fields__": _describe_computed(computed, hidden),
            "__shape__": shape and BuiltOnUse("__shape__", lambda _model: shape()),
        }
        for name, value in own.items():
            setattr(model, name, value)
        _set_on_use(model, schema, fields, hidden, aliases or {})
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
        model.__pydantic_complete__ = True
        model.__pydantic_on_complete__()
        super(model, model).__pydantic_init_subclass__(**model.__class_arguments__)
        return model

    return decorate


class ComputedFieldInfo:
    """What is known of a computed field."""

    def __init__(self, *, repr):
        self.repr = repr


def _describe_computed(computed, hidden):
    return {name: ComputedFieldInfo(repr=name not in hidden) for name in computed}


def _set_on_use(model, schema, fields, hidden, aliases):
    def describe(model):
        from compiled_pydantic.fields import describe_fields

        frozen = model.__frozen_fields__
        return describe_fields(schema(model), fields, hidden=hidden, frozen=frozen, aliases=aliases)

    for name, build in (
        ("__pydantic_core_schema__", schema),
        ("__pydantic_validator__", lambda model: build_validator(schema(model))),
        ("__pydantic_serializer__", lambda model: build_serializer(schema(model))),
        ("__pydantic_fields__", describe),
    ):
        setattr(model, name, BuiltOnUse(name, build))


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
