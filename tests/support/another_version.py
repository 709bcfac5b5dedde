"""Modules that use CPython's private modules on some versions of it only."""

import re
from pathlib import Path
from types import ModuleType


def on_another_version(module: ModuleType) -> ModuleType:
    """Return a module as it is on a version of Python that is not in its TESTED_VERSIONS."""
    source = Path(str(module.__file__)).read_text(encoding="utf-8")
    changed, count = re.subn("(?m)^TESTED_VERSIONS = .*", "TESTED_VERSIONS = set()", source)
    assert count == 1
    other = ModuleType(f"{module.__name__}_on_another_version")
    exec(changed, vars(other))
    return other
