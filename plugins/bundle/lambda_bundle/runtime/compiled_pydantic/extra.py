"""`Extra`, which is deprecated: for `class Config:` in models of pydantic's first version."""

import warnings

from compiled_pydantic.warnings import PydanticDeprecatedSince20


class ExtraMetaclass(type):
    """Warns when a value is read."""

    def __getattribute__(cls, name):
        if name in ("allow", "ignore", "forbid"):
            warnings.warn(
                "`pydantic.config.Extra` is deprecated, use literal values instead "
                "(e.g. `extra='allow'`)",
                PydanticDeprecatedSince20,
                stacklevel=2,
            )
        return super().__getattribute__(name)


class Extra(metaclass=ExtraMetaclass):
    """The values of `extra` in a configuration."""

    allow = "allow"
    ignore = "ignore"
    forbid = "forbid"
