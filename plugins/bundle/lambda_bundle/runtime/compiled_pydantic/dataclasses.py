"""pydantic's dataclasses, compiled.

`complete` leaves on the class what `dataclass`, the decorator around it, needs. Their class bodies
keep annotations, because `dataclasses` reads them.
"""

import dataclasses
import functools
import inspect
import sys
import types

from pydantic_core import ArgsKwargs

from compiled_pydantic.completion import set_on_use
from compiled_pydantic.fields import Default
from compiled_pydantic.since import is_since


def remember(cls, **completion):
    """Return the class with what `dataclass` is to complete it with, see `complete`."""
    cls.__completion__ = completion
    return cls


def dataclass(
    decorated=None,
    *,
    init=False,
    repr=True,
    eq=True,
    order=False,
    unsafe_hash=False,
    frozen=None,
    config=None,  # noqa: ARG001 (the completion has it)
    validate_on_init=None,
    kw_only=False,
    slots=False,
):
    """Make a dataclass that validates what it is made with."""
    assert init is False, "pydantic.dataclasses.dataclass only supports init=False"
    assert validate_on_init is not False, "validate_on_init=False is no longer supported"

    if not is_since(2, 12):
        raise TypeError("Dataclasses are compiled from pydantic 2.12 on.")

    def decorate(cls):
        completion = cls.__dict__["__completion__"]
        config = completion["config"] or {}
        is_frozen = config.get("frozen", False) if frozen is None else frozen
        captured = {name: _capture(cls, name) for name in completion["captured"]}
        original, documentation = cls, cls.__doc__
        if "__dataclass_fields__" in vars(cls):
            cls, documentation = types.new_class(cls.__name__, (cls,)), None
        _convert_fields(cls)
        made = dataclasses.dataclass(
            cls,
            repr=repr,
            eq=eq,
            order=order,
            unsafe_hash=unsafe_hash,
            frozen=is_frozen,
            kw_only=kw_only,
            slots=slots,
        )
        if config.get("validate_assignment"):
            _validate_assignment(made, is_frozen=is_frozen, has_slots=slots)
        made.__doc__ = documentation
        made.__module__, made.__qualname__ = original.__module__, original.__qualname__
        made.__captured__ = captured
        _complete(made, completion)
        return made

    return decorate if decorated is None else decorate(decorated)


def is_pydantic_dataclass(class_, /):
    """Whether a class is a dataclass of pydantic's."""
    return "__is_pydantic_dataclass__" in getattr(class_, "__dict__", ())


def _capture(cls, name):
    """Return a field's default, or its default factory."""
    held = vars(cls)[name]
    if isinstance(held, Default):
        return held.captured()
    if isinstance(held, dataclasses.Field):
        has_factory = held.default_factory is not dataclasses.MISSING
        return held.default_factory if has_factory else held.default
    return held


def _convert_fields(cls):
    """Tell `dataclasses` what the `Field` of each field says to it.

    Raises:
        TypeError: a base which is no dataclass of pydantic's has such fields.
    """
    for name in inspect.get_annotations(cls):
        held = getattr(cls, name, None)
        if isinstance(held, Default):
            setattr(cls, name, _as_dataclass_field(held))
    for base in cls.__mro__[1:]:
        fields = vars(base).get("__dataclass_fields__", {}).values()
        if any(isinstance(each.default, Default) for each in fields) and not hasattr(
            base, "__is_pydantic_dataclass__"
        ):
            raise TypeError(f"{base.__name__} has pydantic's fields, but is not its dataclass.")


def _as_dataclass_field(held):
    options = {name: held.options[name] for name in ("kw_only", "repr") if name in held.options}
    if held.options.get("init") is False:
        options["init"] = False
    if sys.version_info >= (3, 14) and held.options.get("description") is not None:
        options["doc"] = held.options["description"]
    return dataclasses.field(default=held, **options)


def _complete(cls, completion):
    def __init__(__dataclass_self__, *args, **kwargs):  # noqa: N807 (the method of a class)
        validator = __dataclass_self__.__pydantic_validator__
        validator.validate_python(ArgsKwargs(args, kwargs), self_instance=__dataclass_self__)

    __init__.__qualname__ = f"{cls.__qualname__}.__init__"
    cls.__init__ = __init__
    cls.__is_pydantic_dataclass__ = True
    cls.__pydantic_config__ = completion["config"] or {}
    cls.__frozen_fields__ = frozenset(completion["frozen_fields"])
    set_on_use(
        cls,
        completion["schema"],
        completion["fields"],
        completion["hidden"],
        completion["aliases"] or {},
    )
    cls.__pydantic_complete__ = True


def _validate_assignment(cls, *, is_frozen, has_slots):
    original = cls.__setattr__

    @functools.wraps(original)
    def validated_setattr(instance, name, value, /):
        if is_frozen:
            return original(instance, name, value)
        attribute = getattr(type(instance), name, None)
        if isinstance(attribute, property):
            attribute.__set__(instance, value)
        elif isinstance(attribute, functools.cached_property):
            instance.__dict__[name] = value
        else:
            validator = type(instance).__pydantic_validator__
            validator.validate_assignment(instance, name, value)
        return None

    cls.__setattr__ = validated_setattr
    if has_slots and not hasattr(cls, "__setstate__"):
        cls.__getstate__, cls.__setstate__ = _get_slots, _set_slots


def _get_slots(self):
    return [getattr(self, each.name) for each in dataclasses.fields(self)]


def _set_slots(self, state):
    # Not by the validating `__setattr__`, which needs the other fields.
    for field, value in zip(dataclasses.fields(self), state, strict=True):
        object.__setattr__(self, field.name, value)
