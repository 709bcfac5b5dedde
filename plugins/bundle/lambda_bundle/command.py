"""Reads a request for bundles from standard input, and prints the results. Both are JSON."""

import json
import sys

from lambda_bundle.bundle import make_bundles
from lambda_bundle.problems import BundleError


def main() -> None:
    """Make the bundles, or exit with status 1 and a message that says what to change."""
    try:
        json.dump(make_bundles(json.load(sys.stdin)), sys.stdout)
    except BundleError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
