"""Stands for the module `dataclasses` in what is taken from pydantic: that takes 20 ms to import.

It does what pydantic's own few dataclasses need, such as `UrlConstraints`.
"""


class Field:
    """A field of a dataclass."""

    def __init__(self, name):
        self.name = name


def fields(instance_or_class):
    """Return the fields of a dataclass, or of an instance of one."""
    return tuple(instance_or_class.__dataclass_fields__.values())


def dataclass(plain=None, *, frozen=False, kw_only=False, slots=False):  # noqa: ARG001
    """Make a class a dataclass, with `__init__`, `__repr__`, `__eq__` and `__hash__`."""

    def decorate(cls):
        inherited = getattr(cls, "__dataclass_fields__", {})
        own = {
            name: Field(name)
            for name, annotation in cls.__annotations__.items()
            if "ClassVar" not in annotation
        }
        cls.__dataclass_fields__ = {**inherited, **own}
        names = tuple(cls.__dataclass_fields__)
        methods = _make_methods(names, is_frozen=frozen, has_names_only=kw_only)
        for name, method in {"__hash__": None, **methods}.items():
            if name not in cls.__dict__:
                setattr(cls, name, method)
        return cls

    return decorate(plain) if plain else decorate


def _make_methods(names, *, is_frozen, has_names_only):
    def read(self):
        return tuple(getattr(self, name) for name in names)

    def initialize(self, *values, **named):
        given = {**dict(zip(names, values, strict=False)), **named}
        missing = [name for name in names if name not in given and not hasattr(type(self), name)]
        is_wrong = len(values) + len(named) != len(given) or given.keys() - {*names} or missing
        if is_wrong or (values and has_names_only):
            raise TypeError(f"{type(self).__name__} takes the arguments {', '.join(names)}")
        for name in names:
            value = given[name] if name in given else getattr(type(self), name)
            object.__setattr__(self, name, value)
        if hasattr(self, "__post_init__"):
            self.__post_init__()

    def show(self):
        members = zip(names, read(self), strict=True)
        shown = ", ".join(f"{name}={value!r}" for name, value in members)
        return f"{type(self).__qualname__}({shown})"

    def equals(self, other):
        return read(self) == read(other) if other.__class__ is self.__class__ else NotImplemented

    methods = {"__init__": initialize, "__repr__": show, "__eq__": equals}
    if is_frozen:
        methods |= {"__setattr__": _refuse_set, "__delattr__": _refuse_delete}
        methods["__hash__"] = lambda self: hash(read(self))
    return methods


def _refuse_set(_instance, name, _value):
    from dataclasses import FrozenInstanceError

    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_delete(_instance, name):
    from dataclasses import FrozenInstanceError

    raise FrozenInstanceError(f"cannot delete field {name!r}")
