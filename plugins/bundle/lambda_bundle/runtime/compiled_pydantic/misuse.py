"""What pydantic warns of."""

import warnings

from compiled_pydantic.errors import PydanticUndefinedAnnotation, PydanticUserError
from compiled_pydantic.model import Unfinished
from compiled_pydantic.since import SHORT_VERSION, is_since


def warn_of_other_self():
    """Warn that a validator returned another object than the model that is being made."""
    documentation = "https://docs.pydantic.dev/latest/concepts"
    if is_since(2, 14):
        documentation = f"https://pydantic.dev/docs/validation/{SHORT_VERSION}/concepts"
    warnings.warn(
        "A custom validator is returning a value other than `self`.\n"
        "Returning anything other than `self` from a top level model validator isn't supported "
        "when validating via `__init__`.\n"
        "See the `model_validator` docs "
        f"({documentation}/validators/#model-validators) for more details.",
        stacklevel=3,
    )


def warn_of_instance(name):
    """Warn that an attribute of a class was read from an instance."""
    from compiled_pydantic.warnings import PydanticDeprecatedSince211

    warnings.warn(
        f"Accessing the {name!r} attribute on the instance is deprecated. "
        "Instead, you should access this attribute from the model class.",
        PydanticDeprecatedSince211,
        stacklevel=3,
    )


class DeprecatedField:
    """A field that warns when it is read. `computed` is its property, None for other fields."""

    def __init__(self, name, message, computed):
        self.name = name
        self.message = message
        self.computed = computed

    def __get__(self, model, model_class):
        if model is None:
            if self.computed:
                return self.computed.__get__(None, model_class)
            raise AttributeError(self.name)
        warnings.warn(self.message, DeprecationWarning, stacklevel=2)
        if self.computed:
            return self.computed.__get__(model, model_class)
        return model.__dict__[self.name]

    def __set__(self, model, value):
        # Defined so that instances' `__dict__` does not come first. `__setattr__` does not call it.
        raise AttributeError(self.name)


def set_deprecated(model, messages):
    """Have fields warn when they are read. `messages` has one by name."""
    for name, message in messages.items():
        computed = getattr(model, name) if name in model.__pydantic_computed_fields__ else None
        setattr(model, name, DeprecatedField(name, message, computed))


def set_undefined(model, name):
    """Have a model raise what pydantic raises if a name in an annotation is not defined."""

    def raised():
        return PydanticUserError(
            f"`{model.__name__}` is not fully defined; you should define `{name}`, then call "
            f"`{model.__name__}.model_rebuild()`.",
            code="class-not-fully-defined",
        )

    model.__undefined__ = name
    for attribute in ("core_schema", "validator", "serializer", "fields"):
        setattr(model, f"__pydantic_{attribute}__", Unfinished(raised))


def undefined_annotation(name):
    """Return pydantic's error for a name in an annotation that is not defined."""
    return PydanticUndefinedAnnotation(name=name, message=f"name {name!r} is not defined")
