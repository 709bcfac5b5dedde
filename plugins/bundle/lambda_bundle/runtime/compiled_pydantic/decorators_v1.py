"""The decorators of pydantic's first version. Each warns that it is deprecated."""

import warnings

from compiled_pydantic.decorators import as_classmethod
from compiled_pydantic.warnings import PydanticDeprecatedSince20


def validator(_field, /, *_fields, allow_reuse=False, **_options):
    """Return a decorator that makes a classmethod of a function whose first parameter is `cls`."""
    _warn("validator", "field_validator", allow_reuse=allow_reuse)
    return as_classmethod


def root_validator(*, allow_reuse=False, **_options):
    """Return a decorator that makes a classmethod of a function whose first parameter is `cls`."""
    _warn("root_validator", "model_validator", allow_reuse=allow_reuse)
    return as_classmethod


def _warn(old, new, *, allow_reuse):
    text = (
        f"Pydantic V1 style `@{old}` validators are deprecated. You should migrate to Pydantic V2 "
        f"style `@{new}` validators, see the migration guide for more details"
    )
    warnings.warn(text, PydanticDeprecatedSince20, stacklevel=3)
    if allow_reuse is True:
        text = "`allow_reuse` is deprecated and will be ignored; it should no longer be necessary"
        warnings.warn(text, PydanticDeprecatedSince20, stacklevel=3)
