"""Deep copies of models of which some values are replaced."""

from copy import deepcopy

from compiled_pydantic.model import set_attribute


def copy_all_but(model, names):
    """Return a deep copy of a model in which the values of these names are not copied."""
    copied = model.__copy__()
    memo = {id(model): copied}
    for values in (copied.__dict__, copied.__pydantic_extra__ or {}):
        for name, value in values.items():
            if name not in names:
                values[name] = deepcopy(value, memo)
    if copied.__pydantic_private__ is not None:
        private = deepcopy(copied.__pydantic_private__, memo)
        set_attribute(copied, "__pydantic_private__", private)
    return copied
