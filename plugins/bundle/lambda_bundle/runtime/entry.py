"""Imports a function's own modules from the bytecode of its entry module, which contains them all.

Otherwise Python would search folders for each module, open it and read it, which lengthens a cold
start. The artifact contains the sources, too, for tracebacks and for code that reads them.

The bundler defines PATHS (a path by module name), BYTECODE (marshalled code by module name) and
TASK_ROOT (the folder of the artifact, with a slash at the end) before this code.
"""

import marshal
import sys
from _frozen_importlib_external import SourceFileLoader, spec_from_file_location


class BundledLoader(SourceFileLoader):
    """Loads a module from BYTECODE."""

    def get_code(self, fullname):
        return marshal.loads(BYTECODE[fullname])


class BundledFinder:
    """Finds the modules in BYTECODE."""

    @staticmethod
    def find_spec(fullname, _path=None, _target=None):
        path = PATHS.get(fullname)
        if not path:
            return None
        location = TASK_ROOT + path
        folder = [location.rpartition("/")[0]] if path.endswith("/__init__.py") else None
        loader = BundledLoader(fullname, location)
        return spec_from_file_location(
            fullname, location, loader=loader, submodule_search_locations=folder
        )


sys.meta_path.insert(0, BundledFinder)
