"""Errors that the loop itself finds, with the names and texts of AWS's runtime client."""

from awslambdaric.lambda_runtime_exception import FaultException


def bad_name(name):
    """Return the fault of a handler string without a dot, or with a module such as `sys`."""
    module, dot, _ = name.rpartition(".")
    if not dot:
        reason = "not enough values to unpack (expected 2, got 1)"
        return _fault("MalformedHandlerName", f"Bad handler '{name}': {reason}")
    message = f"Cannot use built-in module {module} as a handler module"
    return _fault("BuiltInModuleConflict", message)


def bad_import(module, error):
    """Return the fault of a module that is not Python, or that imports what does not exist."""
    if isinstance(error, ImportError):
        return _fault("ImportModuleError", f"Unable to import module '{module}': {error}")
    trace = f'  File "{error.filename}" Line {error.lineno}\n    {error.text}'
    message = f"Syntax error in module '{module}': {error}"
    return _fault("UserCodeSyntaxError", message, [trace])


def no_handler(module, function):
    """Return the fault of a function that its module does not have."""
    return _fault("HandlerNotFound", f"Handler '{function}' missing on module '{module}'")


def bad_context(name, error):
    """Return the fault of a header that is not JSON."""
    return _fault("LambdaContextUnmarshalError", f"Unable to parse {name} JSON: {error}")


def _fault(kind, message, trace=None):
    return FaultException(f"Runtime.{kind}", message, trace)
