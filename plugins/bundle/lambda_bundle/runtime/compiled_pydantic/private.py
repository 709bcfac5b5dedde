"""Private attributes of models."""

from pydantic_core import PydanticUndefined

from compiled_pydantic.fields import ModelPrivateAttr
from compiled_pydantic.model import BaseModel, set_attribute

DESCRIPTOR_METHODS = ("__get__", "__set__", "__delete__")


def set_private(model, names):
    """Take the defaults of private attributes from the class body, and set them after validation.

    Raises:
        TypeError: a default is a descriptor, which pydantic would call.
    """
    attributes = {}
    for base in model.__bases__:
        attributes.update(getattr(base, "__private_attributes__", {}))
    for name in names:
        attributes[name] = attribute = _take(model, name)
        if any(hasattr(attribute.default, each) for each in DESCRIPTOR_METHODS):
            raise TypeError(f"{model.__name__}.{name} is a descriptor.")
        set_name = getattr(attribute.default, "__set_name__", None)
        if callable(set_name):
            set_name(model, name)
    model.__private_attributes__ = attributes
    if attributes:
        model.model_post_init = _initializing(model.model_post_init)


def _take(model, name):
    held = model.__dict__.get(name, PydanticUndefined)
    if name in model.__dict__:
        delattr(model, name)
    return held if isinstance(held, ModelPrivateAttr) else ModelPrivateAttr(held)


def _initializing(post_init):
    """Return a `model_post_init` that sets the private attributes first."""

    def model_post_init(self, context, /):
        if getattr(self, "__pydantic_private__", None) is None:
            private = {}
            for name, attribute in type(self).__private_attributes__.items():
                default = attribute.get_default({**self.__dict__, **private})
                if default is not PydanticUndefined:
                    private[name] = default
            set_attribute(self, "__pydantic_private__", private)
        if post_init is not BaseModel.model_post_init:
            post_init(self, context)

    return model_post_init
