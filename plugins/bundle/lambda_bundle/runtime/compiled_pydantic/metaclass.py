"""The metaclass of models."""

from abc import ABCMeta


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
    "__class_arguments__": {},
}
