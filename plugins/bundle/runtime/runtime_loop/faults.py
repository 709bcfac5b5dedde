"""Errors that the loop itself finds, with AWS's names and texts."""


class Fault(Exception):  # noqa: N818
    """Raised when a function cannot be called. `trace` has the lines of its stack trace."""

    def __init__(self, exception_type, msg, trace=()):
        super().__init__(msg)
        self.exception_type = f"Runtime.{exception_type}"
        self.msg = msg
        self.trace = list(trace)


def malformed_handler(name):
    """Return the fault of a handler string without a dot."""
    reason = "not enough values to unpack (expected 2, got 1)"
    return Fault("MalformedHandlerName", f"Bad handler '{name}': {reason}")


def builtin_module(module):
    """Return the fault of a handler in a module such as `sys`."""
    message = f"Cannot use built-in module {module} as a handler module"
    return Fault("BuiltInModuleConflict", message)


def import_error(module, error):
    """Return the fault of a module that does not exist, or imports one that does not."""
    return Fault("ImportModuleError", f"Unable to import module '{module}': {error}")


def syntax_error(module, error):
    """Return the fault of a module that is not Python."""
    trace = f'  File "{error.filename}" Line {error.lineno}\n    {error.text}'
    return Fault("UserCodeSyntaxError", f"Syntax error in module '{module}': {error}", [trace])


def no_handler(module, function):
    """Return the fault of a function that its module does not have."""
    return Fault("HandlerNotFound", f"Handler '{function}' missing on module '{module}'")


def unreadable_context(name, error):
    """Return the fault of a header that is not JSON."""
    return Fault("LambdaContextUnmarshalError", f"Unable to parse {name} JSON: {error}")
