"""Gives schemas the service's modules when they need them.

An import at the top of a module would fail where modules import each other.
"""

import sys


def load(name):
    """Return a module by its dotted name."""
    __import__(name)
    return sys.modules[name]
