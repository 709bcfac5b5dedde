"""Does in the init phase what a variable of the environment says."""

import os

exec(os.environ["CODE"])


def handler(_event, _context):
    """Return the name of the module."""
    return __name__


def in_handler(event, _context):
    """Do what the event says."""
    exec(event)
    return "done"


def evaluate(event, _context):
    """Return the value of an expression."""
    return eval(event)
