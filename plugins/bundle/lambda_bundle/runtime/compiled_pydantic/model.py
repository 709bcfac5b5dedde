"""`BaseModel` for compiled models.

It validates and serializes with pydantic-core, by a schema that pydantic built when the artifact
was made. What few handlers use is in submodules of its own.
"""

import sys

from pydantic_core import PydanticUndefined, ValidationError

from compiled_pydantic.json_text import NotPlainError, to_json
from compiled_pydantic.metaclass import ModelMetaclass, Unfinished

MISSING = object()
set_attribute = object.__setattr__


def _no_model():
    from compiled_pydantic.errors import PydanticUserError

    return PydanticUserError(
        "Pydantic models should inherit from BaseModel, BaseModel cannot be instantiated directly",
        code="base-model-instantiated",
    )


class Late:
    """A deprecated method or attribute of models, in a submodule that is loaded for it alone."""

    def __init__(self, name, kind="method"):
        self.name = name
        self.kind = kind

    def __get__(self, model, model_class):
        from compiled_pydantic import deprecated

        function = getattr(deprecated, self.name)
        if self.kind == "classmethod":
            return function.__get__(model_class)
        if model is None:
            return self if self.kind == "property" else function
        return function(model) if self.kind == "property" else function.__get__(model)


class NamesOfClass:
    """An attribute of model classes, which warns when it is read from an instance."""

    def __init__(self, name, inner):
        self.name = name
        self.inner = inner

    def __get__(self, model, model_class):
        if model is not None:
            from compiled_pydantic.misuse import warn_of_instance

            warn_of_instance(self.name)
        return getattr(model_class, self.inner)


class BaseModel(metaclass=ModelMetaclass):  # noqa: PLW1641 (`complete` sets `__hash__`)
    """A model whose schema was built ahead of time. `completion.complete` sets it."""

    __slots__ = (
        "__dict__",
        "__pydantic_extra__",
        "__pydantic_fields_set__",
        "__pydantic_private__",
    )

    model_config = {}  # noqa: RUF012 (as in pydantic, every model has its own)

    # The serializer treats an instance as a model only if its class has these.
    __pydantic_computed_fields__ = {}  # noqa: RUF012
    __pydantic_root_model__ = False
    __pydantic_validator__ = __pydantic_serializer__ = Unfinished(_no_model)

    __pydantic_complete__ = False
    __pydantic_fields__ = {}  # noqa: RUF012
    __pydantic_generic_metadata__ = {"origin": None, "args": (), "parameters": ()}  # noqa: RUF012
    __pydantic_post_init__ = None
    __private_attributes__ = {}  # noqa: RUF012
    __class_vars__ = frozenset()
    __shape__ = None

    model_fields = NamesOfClass("model_fields", "__pydantic_fields__")
    model_computed_fields = NamesOfClass("model_computed_fields", "__pydantic_computed_fields__")

    def __init__(self, /, **data):
        validated = self.__pydantic_validator__.validate_python(data, self_instance=self)
        if validated is not self:
            from compiled_pydantic.misuse import warn_of_other_self

            warn_of_other_self()

    @classmethod
    def __pydantic_init_subclass__(cls, **arguments):
        """Do nothing. Overridden to be called for each subclass, with its class arguments."""

    @classmethod
    def __pydantic_on_complete__(cls):
        """Do nothing. Overridden to be called when the class is complete."""

    def model_post_init(self, context, /):
        """Do nothing. Overridden to be called after `__init__` and `model_construct`."""

    @classmethod
    def model_rebuild(cls, *, force=False, **_options):
        """Do nothing: the model is complete. Returns True with `force`, as pydantic does."""
        cls.__pydantic_validator__  # noqa: B018 (reading it builds it)
        return True if force else None

    @classmethod
    def model_validate(cls, obj, **options):
        """Return the model for a dict or another model, or raise `ValidationError`."""
        if options:
            _check_names(options)
        return cls.__pydantic_validator__.validate_python(obj, **options)

    @classmethod
    def model_validate_json(cls, json_data, **options):
        """Return the model for a JSON text, or raise `ValidationError`."""
        if options:
            _check_names(options)
        return cls.__pydantic_validator__.validate_json(json_data, **options)

    @classmethod
    def model_validate_strings(cls, obj, **options):
        """Return the model for a dict of strings, or raise `ValidationError`."""
        if options:
            _check_names(options)
        return cls.__pydantic_validator__.validate_strings(obj, **options)

    @classmethod
    def model_construct(cls, _fields_set=None, **values):
        """Return a model with these values, which are not validated."""
        from compiled_pydantic.construct import construct

        return construct(cls, _fields_set, values)

    def model_dump(self, *, mode="python", **options):
        """Return the model as a dict."""
        return self.__pydantic_serializer__.to_python(self, mode=mode, **options)

    def model_dump_json(self, **options):
        """Return the model as JSON text."""
        if options in ({}, {"by_alias": True}) and type(self).__shape__:
            try:
                return to_json(self, by_alias="by_alias" in options)
            except (NotPlainError, KeyError, ValueError):
                pass  # The core serializes it, or raises pydantic's own error.
        return self.__pydantic_serializer__.to_json(self, **options).decode()

    def model_copy(self, *, update=None, deep=False):
        """Return a copy with the values of `update`, which are not validated."""
        if not deep:
            copied = self.__copy__()
        elif update:
            from compiled_pydantic.copying import copy_all_but

            copied = copy_all_but(self, update)
        else:
            copied = self.__deepcopy__()
        if update:
            allows_extra = type(self).model_config.get("extra") == "allow"
            fields = type(self).__pydantic_fields__
            for name, value in update.items():
                if allows_extra and name not in fields:
                    if copied.__pydantic_extra__ is None:
                        set_attribute(copied, "__pydantic_extra__", {})
                    copied.__pydantic_extra__[name] = value
                else:
                    copied.__dict__[name] = value
            copied.__pydantic_fields_set__.update(update.keys())
        return copied

    @property
    def model_fields_set(self):
        """The names of the fields that were set, not left to their defaults."""
        return self.__pydantic_fields_set__

    @property
    def model_extra(self):
        """The values of extra fields, or None if the model does not allow them."""
        return self.__pydantic_extra__

    def __getattr__(self, name):
        # Python calls this for names that it does not find.
        private = type(self).__private_attributes__
        if name in private:
            values = _get_slot(self, "__pydantic_private__")
            if values and name in values:
                return values[name]
        else:
            # Before validation, an instance has no `__pydantic_extra__`.
            extra = _get_slot(self, "__pydantic_extra__")
            if extra and name in extra:
                return extra[name]
            if hasattr(type(self), name):
                return object.__getattribute__(self, name)  # Raises what a property raised.
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    def __setattr__(self, name, value):
        model = type(self)
        if name in model.__class_vars__:
            raise AttributeError(
                f"{name!r} is a ClassVar of `{model.__name__}` and cannot be set on an instance. "
                f"If you want to set a value on the class, use `{model.__name__}.{name} = value`."
            )
        if name.startswith("_"):
            if name not in model.__private_attributes__:
                set_attribute(self, name, value)
                return
            if _get_slot(self, "__pydantic_private__") is None:
                set_attribute(self, "__pydantic_private__", {})
            self.__pydantic_private__[name] = value
            return
        _set_public(self, model, name, value)

    def __delattr__(self, name):
        model = type(self)
        if name in model.__private_attributes__:
            try:
                del self.__pydantic_private__[name]
            except KeyError:
                message = f"{model.__name__!r} object has no attribute {name!r}"
                raise AttributeError(message) from None
            return
        if not _is_cached_property(getattr(model, name, None)):
            _refuse_frozen(model, name, None)
            if name not in model.__pydantic_fields__ and name in (self.__pydantic_extra__ or {}):
                del self.__pydantic_extra__[name]
                return
        try:
            object.__delattr__(self, name)
        except AttributeError:
            message = f"{model.__name__!r} object has no attribute {name!r}"
            raise AttributeError(message) from None

    def __copy__(self):
        copied = type(self).__new__(type(self))
        extra = self.__pydantic_extra__
        set_attribute(copied, "__dict__", self.__dict__.copy())
        set_attribute(copied, "__pydantic_extra__", extra if extra is None else extra.copy())
        set_attribute(copied, "__pydantic_fields_set__", self.__pydantic_fields_set__.copy())
        set_attribute(copied, "__pydantic_private__", get_private(self))
        return copied

    def __deepcopy__(self, memo=None):
        from copy import deepcopy

        memo = {} if memo is None else memo
        copied = type(self).__new__(type(self))
        memo[id(self)] = copied
        set_attribute(copied, "__dict__", deepcopy(self.__dict__, memo))
        set_attribute(copied, "__pydantic_extra__", deepcopy(self.__pydantic_extra__, memo))
        set_attribute(copied, "__pydantic_fields_set__", self.__pydantic_fields_set__.copy())
        set_attribute(copied, "__pydantic_private__", deepcopy(get_private(self), memo))
        return copied

    def __replace__(self, **changes):
        return self.model_copy(update=changes)

    def __getstate__(self):
        private = self.__pydantic_private__
        return {
            "__dict__": self.__dict__,
            "__pydantic_extra__": self.__pydantic_extra__,
            "__pydantic_fields_set__": self.__pydantic_fields_set__,
            "__pydantic_private__": get_private(self) if private else private,
        }

    def __setstate__(self, state):
        set_attribute(self, "__pydantic_fields_set__", state.get("__pydantic_fields_set__", {}))
        set_attribute(self, "__pydantic_extra__", state.get("__pydantic_extra__", {}))
        set_attribute(self, "__pydantic_private__", state.get("__pydantic_private__", {}))
        set_attribute(self, "__dict__", state.get("__dict__", {}))

    def __eq__(self, other):
        if not isinstance(other, BaseModel):
            return NotImplemented
        kind = self.__pydantic_generic_metadata__["origin"] or type(self)
        if (
            kind is not (other.__pydantic_generic_metadata__["origin"] or type(other))
            or _get_slot(self, "__pydantic_private__") != _get_slot(other, "__pydantic_private__")
            or (self.__pydantic_extra__ or {}) != (other.__pydantic_extra__ or {})
        ):
            return False
        if self.__dict__ == other.__dict__:
            return True
        # The rest may be cached properties, which do not count.
        return all(
            self.__dict__.get(name, MISSING) == other.__dict__.get(name, MISSING)
            for name in type(self).__pydantic_fields__
        )

    def __iter__(self):
        yield from [each for each in self.__dict__.items() if not each[0].startswith("_")]
        yield from (self.__pydantic_extra__ or {}).items()

    def __repr__(self):
        return f"{self.__repr_name__()}({self.__repr_str__(', ')})"

    def __str__(self):
        return self.__repr_str__(" ")

    def __repr_name__(self):
        return type(self).__name__

    def __repr_str__(self, join_str):
        return join_str.join(
            repr(value) if name is None else f"{name}={value!r}"
            for name, value in self.__repr_args__()
        )

    def __repr_args__(self):
        # First, because reading a cached property changes `__dict__`.
        computed = [
            (name, getattr(self, name))
            for name, each in type(self).__pydantic_computed_fields__.items()
            if each.repr
        ]
        fields = type(self).__pydantic_fields__
        for name, value in self.__dict__.items():
            if name in fields and fields[name].repr:
                yield name, self.__repr_recursion__(value) if value is self else value
        yield from (_get_slot(self, "__pydantic_extra__") or {}).items()
        yield from computed

    def __repr_recursion__(self, object):
        return f"<Recursion on {type(object).__name__} with id={id(object)}>"

    def __rich_repr__(self):
        for name, value in self.__repr_args__():
            yield value if name is None else (name, value)

    dict = Late("to_dict")
    json = Late("to_json")
    copy = Late("copy")
    parse_obj = Late("parse_obj", "classmethod")
    parse_raw = Late("parse_raw", "classmethod")
    from_orm = Late("from_orm", "classmethod")
    construct = Late("construct", "classmethod")
    validate = Late("validate", "classmethod")
    update_forward_refs = Late("update_forward_refs", "classmethod")
    __fields_set__ = Late("fields_set", "property")


def _set_public(self, model, name, value):
    attribute = getattr(model, name, MISSING)
    if _is_cached_property(attribute):
        self.__dict__[name] = value
        return
    _refuse_frozen(model, name, value)
    if isinstance(attribute, property):
        attribute.__set__(self, value)
    elif model.model_config.get("validate_assignment"):
        model.__pydantic_validator__.validate_assignment(self, name, value)
    elif name in model.__pydantic_fields__:
        self.__dict__[name] = value
        self.__pydantic_fields_set__.add(name)
    elif model.model_config.get("extra") != "allow":
        raise ValueError(f'"{model.__name__}" object has no field "{name}"')
    elif attribute is MISSING:
        self.__pydantic_extra__[name] = value
        self.__pydantic_fields_set__.add(name)
    else:
        set_attribute(self, name, value)


def get_private(model):
    """Return a copy of the private attributes, or None if the model has none."""
    private = _get_slot(model, "__pydantic_private__")
    if private is None:
        return None
    return {name: value for name, value in private.items() if value is not PydanticUndefined}


def _get_slot(model, name):
    """Return the value of a slot, or None if it was not set."""
    try:
        return object.__getattribute__(model, name)
    except AttributeError:
        return None


def _is_cached_property(attribute):
    functools = sys.modules.get("functools")  # There is none if nothing has imported it.
    return functools is not None and isinstance(attribute, functools.cached_property)


def _check_names(options):
    if options.get("by_alias") is False and options.get("by_name") is not True:
        from compiled_pydantic.errors import PydanticUserError

        raise PydanticUserError(
            "At least one of `by_alias` or `by_name` must be set to True.",
            code="validate-by-alias-and-name-false",
        )


def _refuse_frozen(model, name, value):
    if model.model_config.get("frozen"):
        kind = "frozen_instance"
    elif name in model.__frozen_fields__:
        kind = "frozen_field"
    else:
        return
    error = {"type": kind, "loc": (name,), "input": value}
    raise ValidationError.from_exception_data(model.__name__, [error])
