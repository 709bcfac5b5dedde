"""`RootModel` for compiled models."""

from copy import copy, deepcopy

from pydantic_core import PydanticUndefined

from compiled_pydantic.model import BaseModel, set_attribute
from compiled_pydantic.since import is_since


class RootModel(BaseModel):  # noqa: PLW1641 (`complete` sets `__hash__`)
    """A model of one value, `root`."""

    __pydantic_root_model__ = True
    __pydantic_private__ = None
    __pydantic_extra__ = None

    def __init__(self, /, root=PydanticUndefined, **data):
        if data:
            if root is not PydanticUndefined:
                raise ValueError(
                    '"RootModel.__init__" accepts either a single positional argument or '
                    "arbitrary keyword arguments"
                )
            root = data
        self.__pydantic_validator__.validate_python(root, self_instance=self)

    @classmethod
    def model_construct(cls, root, _fields_set=None):
        """Return a model with this value, which is not validated."""
        return super().model_construct(root=root, _fields_set=_fields_set)

    def __getstate__(self):
        return {
            "__dict__": self.__dict__,
            "__pydantic_fields_set__": self.__pydantic_fields_set__,
        }

    def __setstate__(self, state):
        set_attribute(self, "__pydantic_fields_set__", state["__pydantic_fields_set__"])
        set_attribute(self, "__dict__", state["__dict__"])

    def __copy__(self):
        values = dict(self.__dict__)
        if is_since(2, 13):
            values["root"] = copy(values["root"])
        return self.__with(values)

    def __deepcopy__(self, memo=None):
        memo = {} if memo is None else memo
        copied = memo[id(self)] = self.__with({})
        set_attribute(copied, "__dict__", deepcopy(self.__dict__, memo))
        return copied

    def __with(self, values):
        copied = type(self).__new__(type(self))
        set_attribute(copied, "__dict__", values)
        set_attribute(copied, "__pydantic_fields_set__", self.__pydantic_fields_set__.copy())
        return copied

    def __eq__(self, other):
        if not isinstance(other, RootModel):
            return NotImplemented
        arguments = self.__pydantic_generic_metadata__["args"]
        if arguments != other.__pydantic_generic_metadata__["args"]:
            return False
        return super().__eq__(other)

    def __repr_args__(self):
        yield "root", self.root
