"""In an artifact, the package `pydantic_core` is its extension module and nothing else.

Its own initialiser imports, for type checkers' sake, several times what the extension costs.
"""

from pydantic_core._pydantic_core import *  # noqa: F403
from pydantic_core._pydantic_core import __version__  # noqa: F401

MISSING = object()  # The serializer asks for it, to leave out what is it.
