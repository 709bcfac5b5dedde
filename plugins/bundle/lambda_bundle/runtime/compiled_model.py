"""The base class of compiled models, in place of `pydantic.BaseModel`.

It validates and serializes with pydantic-core, by a schema that pydantic built when the artifact
was made. It has the methods of `BaseModel` that handlers use.
"""

from compiled_json import SCALARS, NotPlainError, to_json  # noqa: F401 (shapes name SCALARS)
from compiled_schema import set_schema
from pydantic_core import ValidationError


class CompiledModel:
    """A model whose schema was built ahead of time. `complete` sets it."""

    __slots__ = (
        "__dict__",
        "__pydantic_extra__",
        "__pydantic_fields_set__",
        "__pydantic_private__",
    )

    def __init__(self, /, **data):
        self.__pydantic_validator__.validate_python(data, self_instance=self)

    @classmethod
    def model_rebuild(cls, **_options):
        """Build the validator now, instead of when it is first used."""
        cls.__pydantic_validator__  # noqa: B018 (reading it builds it)

    @classmethod
    def model_validate(cls, obj, /, **options):
        """Return the model for a dict or another model, or raise `ValidationError`."""
        return cls.__pydantic_validator__.validate_python(obj, **options)

    @classmethod
    def model_validate_json(cls, json_data, /, **options):
        """Return the model for a JSON text, or raise `ValidationError`."""
        return cls.__pydantic_validator__.validate_json(json_data, **options)

    @classmethod
    def model_validate_strings(cls, obj, /, **options):
        """Return the model for a dict of strings, or raise `ValidationError`."""
        return cls.__pydantic_validator__.validate_strings(obj, **options)

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
        values, extra, update = self.__dict__, self.__pydantic_extra__, update or {}
        if deep:
            from copy import deepcopy  # noqa: PLC0415 (rarely used)

            values, extra = deepcopy((values, extra))
        copied = object.__new__(type(self))
        object.__setattr__(copied, "__dict__", {**values, **update})
        object.__setattr__(copied, "__pydantic_extra__", extra if extra is None else {**extra})
        object.__setattr__(copied, "__pydantic_fields_set__", {*self.model_fields_set, *update})
        object.__setattr__(copied, "__pydantic_private__", None)
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
        # Python calls this for names that it does not find. Before validation,
        # `__pydantic_extra__` is one of them.
        if name != "__pydantic_extra__" and name in (self.__pydantic_extra__ or {}):
            return self.__pydantic_extra__[name]
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    def __setattr__(self, name, value):
        model = type(self)
        if name.startswith("_"):
            object.__setattr__(self, name, value)
            return
        self.__refuse_frozen(name, value)
        if model.__validate_assignment__:
            model.__pydantic_validator__.validate_assignment(self, name, value)
        elif name in model.__pydantic_fields__:
            self.__dict__[name] = value
            self.__pydantic_fields_set__.add(name)
        elif self.__pydantic_extra__ is not None:
            self.__pydantic_extra__[name] = value
            self.__pydantic_fields_set__.add(name)
        else:
            raise ValueError(f'"{model.__name__}" object has no field "{name}"')

    def __delattr__(self, name):
        self.__refuse_frozen(name, None)
        object.__delattr__(self, name)

    def __refuse_frozen(self, name, value):
        model = type(self)
        if model.__frozen__ or name in model.__frozen_fields__:
            kind = "frozen_instance" if model.__frozen__ else "frozen_field"
            error = {"type": kind, "loc": (name,), "input": value}
            raise ValidationError.from_exception_data(model.__name__, [error])

    def __copy__(self):
        return self.model_copy()

    def __deepcopy__(self, memo=None):
        return self.model_copy(deep=True)

    def __eq__(self, other):
        if not isinstance(other, CompiledModel):
            return NotImplemented
        return (
            type(self) is type(other)
            and self.__dict__ == other.__dict__
            and (self.__pydantic_extra__ or {}) == (other.__pydantic_extra__ or {})
        )

    def __hash__(self):
        if not type(self).__frozen__:
            raise TypeError(f"unhashable type: {type(self).__name__!r}")
        return hash(tuple(self.__dict__[name] for name in type(self).__pydantic_fields__))

    def __iter__(self):
        yield from self.__dict__.items()
        yield from (self.__pydantic_extra__ or {}).items()

    def __repr__(self):
        return f"{type(self).__name__}({', '.join(self.__members())})"

    def __str__(self):
        return " ".join(self.__members())

    def __members(self):
        shown = type(self).__shown__
        members = [(name, value) for name, value in self.__dict__.items() if name in shown]
        members += (self.__pydantic_extra__ or {}).items()
        return [f"{name}={value!r}" for name, value in members]


def complete(  # noqa: PLR0913
    model,
    schema,
    *,
    fields,
    shape=None,
    hidden=(),
    frozen=False,
    frozen_fields=(),
    validate_assignment=False,
):
    """Set the schema, the names of the fields and the configuration of a model."""
    model.__shape__ = shape
    model.__pydantic_fields__ = fields
    model.__shown__ = frozenset(fields) - frozenset(hidden)
    model.__frozen__ = frozen
    model.__frozen_fields__ = frozenset(frozen_fields)
    model.__validate_assignment__ = validate_assignment
    # The serializer treats an instance as a model only if its class has these.
    model.__pydantic_computed_fields__ = {}
    model.__pydantic_root_model__ = False
    set_schema(model, schema)
