"""Concrete classes of generic models, such as `Page[Item]`."""

import sys

from compiled_pydantic.annotations import Annotation
from compiled_pydantic.completion import complete
from compiled_pydantic.model import ModelMetaclass

_concrete = {}


def concrete(origin, arguments, schema, *, name, parameters=(), at_top=False, **completion):
    """Return the class for these type arguments, the same one at each call.

    Args:
        origin: the generic class.
        arguments: the type arguments, anything that is hashable and equal if they are the same.
        schema: as for `complete`.
        name: of the class, such as "Page[Item]".
        parameters: the type variables that are left.
        at_top: whether the top level of a module names it.
        completion: as for `complete`.
    """
    key = (origin, arguments)
    if key not in _concrete:
        namespace = {"__module__": origin.__module__, "__qualname__": name}
        model = ModelMetaclass(name, (origin,), namespace)
        model.__pydantic_generic_metadata__ = {
            "origin": origin,
            "args": arguments,
            "parameters": parameters,
        }
        _concrete[key] = complete(schema, **completion)(model)
    if at_top:  # pickle finds classes by their module and name.
        model = _concrete[key]
        vars(sys.modules[origin.__module__]).setdefault(name, model)
    return _concrete[key]


def find_concrete(origin, arguments):
    """Return the class for these type arguments, or what says that there is none."""
    arguments = arguments if isinstance(arguments, tuple) else (arguments,)
    if arguments == origin.__pydantic_generic_metadata__["parameters"]:
        return origin
    found = _concrete.get((origin, arguments))
    # The compiler tells classes apart by the texts of their arguments.
    return found or _concrete.get((origin, tuple(map(repr, arguments)))) or Unknown(origin)


class Unknown(Annotation):
    """Stands for a concrete class that only an annotation names. It cannot be used."""

    def __init__(self, origin):
        super().__init__(origin.__name__)

    def __call__(self, *_arguments, **_options):
        raise TypeError(
            f"{self.__name__} was not compiled with these type arguments. Name it at the top level "
            "of a module, or have this function keep pydantic."
        )
