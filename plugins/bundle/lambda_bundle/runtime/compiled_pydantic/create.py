"""`create_model`, whose result the compiled module completes."""

import sys

from compiled_pydantic.model import BaseModel, ModelMetaclass


def create_model(
    model_name,
    /,
    *,
    __config__=None,  # noqa: ARG001 (the compiled schema has it)
    __doc__=None,
    __base__=None,
    __module__=None,
    __validators__=None,
    __cls_kwargs__=None,
    __qualname__=None,
    **captured,
):
    """Return a class that `complete` is to complete.

    The compiled schema has the fields and the configuration. `captured` has, as in pydantic, what
    a class body would hold, or a tuple of the type and that.
    """
    bases = __base__ if isinstance(__base__, tuple) else (__base__ or BaseModel,)
    module = __module__ or sys._getframe(1).f_globals["__name__"]  # noqa: SLF001 (as pydantic does)
    namespace = {"__module__": module, "__qualname__": __qualname__ or model_name}
    if __doc__:
        namespace["__doc__"] = __doc__
    namespace.update(__validators__ or {})
    for name, value in captured.items():
        namespace[name] = value[1] if isinstance(value, tuple) else value
    return ModelMetaclass(model_name, bases, namespace, **(__cls_kwargs__ or {}))
