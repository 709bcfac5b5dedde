"""What the bytecode of a function's entry module does first: brings all its own modules with it.

Python looks for a module in folders, then stats, opens and reads it, and a cold start pays that for
each. This bytecode holds every module's and imports from itself. The sources are where they were,
for tracebacks and whatever else asks for them.
"""

import marshal
import sys
from importlib._bootstrap_external import SourceFileLoader, spec_from_file_location


class BundledLoader(SourceFileLoader):
    """Loads a module from what the entry module brought."""

    def get_code(self, fullname):
        return marshal.loads(BYTECODE[fullname])


class BundledFinder:
    """Finds the modules that the entry module brought."""

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
