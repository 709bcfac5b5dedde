"""pydantic's decorators, as ordinary ones: the compiled schema names the functions."""


def field_validator(_field, /, *_fields, **_options):
    """Return a decorator that makes a classmethod of a function whose first parameter is `cls`."""
    return as_classmethod


def model_validator(**_options):
    """Return a decorator that makes a classmethod of a function whose first parameter is `cls`."""
    return as_classmethod


def field_serializer(_field, /, *_fields, **_options):
    """Return a decorator that changes nothing."""
    return _unchanged


def model_serializer(function=None, /, **_options):
    """Return the function, or a decorator that changes nothing."""
    return _unchanged if function is None else function


def computed_field(function=None, /, **_options):
    """Make a property of a function, or return a decorator that does."""
    return _as_property if function is None else _as_property(function)


def with_config(config=None, /, **options):
    """Return a decorator that sets the configuration of a dataclass or a TypedDict."""

    def decorate(decorated):
        decorated.__pydantic_config__ = options if config is None else config
        return decorated

    return decorate


def _unchanged(function):
    return function


def as_classmethod(function):
    """Return a classmethod of a function whose first parameter is `cls`, else what was given."""
    code = getattr(function, "__code__", None)
    if code and code.co_argcount and code.co_varnames[0] == "cls":
        return classmethod(function)
    return function


def _as_property(function):
    """Return a property for a plain function; properties and cached properties are kept."""
    return property(function) if hasattr(function, "__code__") else function
