"""Methods of `BaseModel` that few handlers use, so that others do not load them."""

import sys

from pydantic_core import PydanticUndefined, ValidationError

from compiled_pydantic.model import BaseModel, get_slot, set_attribute
from compiled_pydantic.since import is_since

MISSING = object()


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


class Methods:  # noqa: PLW1641
    """Taken by `Late` attributes of `BaseModel`."""

    model_fields = NamesOfClass("model_fields", "__pydantic_fields__")
    model_computed_fields = NamesOfClass("model_computed_fields", "__pydantic_computed_fields__")

    def model_copy(self, *, update=None, deep=False):
        """Return a copy with the values of `update`, which are not validated."""
        if not deep:
            copied = self.__copy__()
        elif update and is_since(2, 14):
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
            if get_slot(self, "__pydantic_private__") is None:
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
            if name not in model.__pydantic_fields__:
                _delete_other(self, name)
                return
        object.__delattr__(self, name)

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
            or get_slot(self, "__pydantic_private__") != get_slot(other, "__pydantic_private__")
            or not _are_equal(self.__pydantic_extra__, other.__pydantic_extra__)
        ):
            return False
        if self.__dict__ == other.__dict__:
            return True
        fields = type(self).__pydantic_fields__
        if self.__dict__.keys() <= fields.keys() and other.__dict__.keys() <= fields.keys():
            return False
        # What is no field, such as a cached property, does not count.
        return _get_values(self, fields) == _get_values(other, fields)

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
        yield from (get_slot(self, "__pydantic_extra__") or {}).items()
        yield from computed

    def __repr_recursion__(self, object):
        return f"<Recursion on {type(object).__name__} with id={id(object)}>"

    def __rich_repr__(self):
        for name, value in self.__repr_args__():
            yield value if name is None else (name, value)

    def __pretty__(self, fmt, **_options):  # What devtools prints models by.
        yield self.__repr_name__() + "("
        yield 1
        for name, value in self.__repr_args__():
            if name is not None:
                yield name + "="
            yield fmt(value)
            yield ","
            yield 0
        yield -1
        yield ")"


def _delete_other(self, name):
    extra = self.__pydantic_extra__
    if extra is not None and name in extra:
        del extra[name]
        return
    try:
        object.__delattr__(self, name)
    except AttributeError:
        message = f"{type(self).__name__!r} object has no attribute {name!r}"
        raise AttributeError(message) from None


def _get_values(model, fields):
    # Tuples of the same values are equal, even if a value is not equal to itself.
    values = tuple(model.__dict__.get(name, MISSING) for name in fields)
    return values[0] if len(values) == 1 else values


def _are_equal(extra, other):
    return extra == other or (is_since(2, 13) and not extra and not other)


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
        if is_since(2, 13):
            self.__pydantic_fields_set__.add(name)
    else:
        set_attribute(self, name, value)


def get_private(model):
    """Return a copy of the private attributes, or None if the model has none."""
    private = get_slot(model, "__pydantic_private__")
    if private is None:
        return None
    return {name: value for name, value in private.items() if value is not PydanticUndefined}


def _is_cached_property(attribute):
    functools = sys.modules.get("functools")  # There is none if nothing has imported it.
    return functools is not None and isinstance(attribute, functools.cached_property)


def _refuse_frozen(model, name, value):
    if model.model_config.get("frozen"):
        kind = "frozen_instance"
    elif name in model.__frozen_fields__:
        kind = "frozen_field"
    else:
        return
    error = {"type": kind, "loc": (name,), "input": value}
    raise ValidationError.from_exception_data(model.__name__, [error])
