"""Handlers that call one of many functions by its name.

`calls.results` is a handler whose event is a name in the table CASES of the module `results`. It
writes the name to standard output and to the log first, so that a test can split them.
"""

from importlib import import_module


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(name)
    cases = import_module(name).CASES

    def handler(event, context):
        print(f"\n--- {event}")
        context.log(f"\n--- {event}\n")
        return cases[event](context)

    return handler
