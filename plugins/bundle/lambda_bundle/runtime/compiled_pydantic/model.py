"""`BaseModel` for compiled models.

It validates and serializes with pydantic-core, by a schema that pydantic built when the artifact
was made. What few handlers use is in submodules of its own.
"""

from abc import ABCMeta

set_attribute = object.__setattr__


def _no_model():
    from compiled_pydantic.errors import PydanticUserError

    return PydanticUserError(
        "Pydantic models should inherit from BaseModel, BaseModel cannot be instantiated directly",
        code="base-model-instantiated",
    )


class ModelMetaclass(ABCMeta):
    """Makes a class which `completion.complete` completes.

    Like pydantic's, it is an ABCMeta: a model may have abstract methods.
    """

    def __new__(mcs, name, bases, namespace, **arguments):
        if bases:
            namespace.update(UNFINISHED)
            if arguments:
                from compiled_pydantic.config import KEYS

                arguments = {key: arguments[key] for key in arguments if key not in KEYS}
                namespace["__class_arguments__"] = arguments
            # Read before `type` sets it to None in a class that has `__eq__`.
            namespace["__has_own_hash__"] = "__hash__" in namespace
        model = super().__new__(mcs, name, bases, namespace, **arguments)
        parameters = getattr(model, "__parameters__", None)
        if parameters is not None:
            model.__pydantic_generic_metadata__ = {
                "origin": None,
                "args": (),
                "parameters": parameters,
            }
        return model

    def __getattr__(cls, name):
        private = cls.__dict__.get("__private_attributes__")
        if private and name in private:
            return private[name]
        raise AttributeError(name)

    # Virtual subclasses are not supported, as in pydantic. Without these, ABCMeta is slower.
    __instancecheck__ = type.__instancecheck__
    __subclasscheck__ = type.__subclasscheck__


class Unfinished:
    """Stands for the validator and the like of a class that was not completed. Any use raises."""

    def __init__(self, raise_error):
        self.raise_error = raise_error

    def __getattr__(self, name):
        if name.startswith("__"):  # Python itself looks for these.
            raise AttributeError(name)
        raise self.raise_error()


def _not_compiled():
    return TypeError(
        "This model was made while the program ran, so it was not compiled. Define it at the top "
        "level of a module, or have this function keep pydantic."
    )


_unfinished = Unfinished(_not_compiled)

UNFINISHED = {
    "__pydantic_complete__": False,
    "__pydantic_validator__": _unfinished,
    "__pydantic_serializer__": _unfinished,
    "__pydantic_fields__": _unfinished,
    "__shape__": None,
    "__undefined__": None,
    "__class_arguments__": {},
}


class Late:
    """A method of models in a submodule, which is loaded when a model first uses it."""

    def __init__(self, submodule):
        self.submodule = submodule

    def __set_name__(self, owner, name):
        self.owner = owner
        self.name = name

    def __get__(self, model, model_class):
        module = __import__(f"compiled_pydantic.{self.submodule}", fromlist=["Methods"])
        method = vars(module.Methods)[self.name]
        setattr(self.owner, self.name, method)
        return method.__get__(model, model_class)


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
    __undefined__ = None

    def __init__(self, /, **data):
        validated = self.__pydantic_validator__.validate_python(data, self_instance=self)
        if validated is not self:
            from compiled_pydantic.misuse import warn_of_other_self

            warn_of_other_self()

    def __class_getitem__(cls, arguments):
        from compiled_pydantic.generics import find_concrete

        return find_concrete(cls, arguments)

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
        """Do nothing: the model is complete. Returns True with `force`, as pydantic does.

        Raises:
            PydanticUndefinedAnnotation: a name in an annotation is not defined.
        """
        if cls.__undefined__:
            from compiled_pydantic.misuse import undefined_annotation

            raise undefined_annotation(cls.__undefined__)
        cls.__pydantic_validator__  # noqa: B018 (reading it builds it)
        return True if force else None

    @classmethod
    def model_validate(cls, obj, **options):
        """Return the model for a dict or another model, or raise `ValidationError`."""
        if options:
            check_names(options)
        return cls.__pydantic_validator__.validate_python(obj, **options)

    @classmethod
    def model_validate_json(cls, json_data, **options):
        """Return the model for a JSON text, or raise `ValidationError`."""
        if options:
            check_names(options)
        return cls.__pydantic_validator__.validate_json(json_data, **options)

    @classmethod
    def model_validate_strings(cls, obj, **options):
        """Return the model for a dict of strings, or raise `ValidationError`."""
        if options:
            check_names(options)
        return cls.__pydantic_validator__.validate_strings(obj, **options)

    def model_dump(self, *, mode="python", **options):
        """Return the model as a dict."""
        return self.__pydantic_serializer__.to_python(self, mode=mode, **options)

    def model_dump_json(self, **options):
        """Return the model as JSON text."""
        if options in ({}, {"by_alias": True}) and type(self).__shape__:
            from compiled_pydantic.json_text import NotPlainError, to_json

            try:
                return to_json(self, by_alias="by_alias" in options)
            except (NotPlainError, RecursionError, ValueError):
                pass  # The core serializes it, or raises pydantic's own error.
        return self.__pydantic_serializer__.to_json(self, **options).decode()

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
            values = get_slot(self, "__pydantic_private__")
            if values and name in values:
                return values[name]
        else:
            # Before validation, an instance has no `__pydantic_extra__`.
            extra = get_slot(self, "__pydantic_extra__")
            if extra and name in extra:
                return extra[name]
            if hasattr(type(self), name):
                return object.__getattribute__(self, name)  # Raises what a property raised.
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    model_copy = Late("methods")
    __setattr__ = Late("methods")
    __delattr__ = Late("methods")
    __copy__ = Late("methods")
    __deepcopy__ = Late("methods")
    __replace__ = Late("methods")
    __getstate__ = Late("methods")
    __setstate__ = Late("methods")
    __eq__ = Late("methods")
    __iter__ = Late("methods")
    __repr__ = Late("methods")
    __str__ = Late("methods")
    __repr_name__ = Late("methods")
    __repr_str__ = Late("methods")
    __repr_args__ = Late("methods")
    __repr_recursion__ = Late("methods")
    __rich_repr__ = Late("methods")
    __pretty__ = Late("methods")
    model_computed_fields = Late("methods")
    model_construct = Late("construct")
    model_fields = Late("methods")

    dict = Late("deprecated")
    json = Late("deprecated")
    copy = Late("deprecated")
    parse_obj = Late("deprecated")
    parse_raw = Late("deprecated")
    from_orm = Late("deprecated")
    construct = Late("deprecated")
    validate = Late("deprecated")
    update_forward_refs = Late("deprecated")
    __fields_set__ = Late("deprecated")


def check_names(options):
    """Raise `PydanticUserError` if neither aliases nor names of fields are to be validated."""
    if options.get("by_alias") is False and options.get("by_name") is not True:
        from compiled_pydantic.errors import PydanticUserError

        raise PydanticUserError(
            "At least one of `by_alias` or `by_name` must be set to True.",
            code="validate-by-alias-and-name-false",
        )


def get_slot(model, name):
    """Return the value of a slot, or None if it was not set."""
    try:
        return object.__getattribute__(model, name)
    except AttributeError:
        return None
