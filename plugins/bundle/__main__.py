"""Makes one artifact a function: `python -m plugins.bundle`, called by index.js.

Reads from standard input what to make, and prints what it made, both as JSON.
"""

import json
import sys

from plugins.bundle.bundle import make_bundles
from plugins.bundle.problems import BundleError

if __name__ == "__main__":
    try:
        json.dump(make_bundles(json.load(sys.stdin)), sys.stdout)
    except BundleError as error:
        sys.exit(str(error))
