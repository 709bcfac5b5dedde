"""The package `pydantic_core` in an artifact: only its extension module.

The original `__init__.py` also imports types for type checkers, which takes several times as long
as the extension module does.
"""

from pydantic_core._pydantic_core import *  # noqa: F403
from pydantic_core._pydantic_core import __version__  # noqa: F401

MISSING = object()  # The serializer imports it, and leaves out fields with this value.
ErrorDetails = InitErrorDetails = dict  # They are typed dicts.
