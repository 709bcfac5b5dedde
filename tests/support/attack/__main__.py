"""`npm run attack`: a long attack on a service of its own, with thousands of cases a route."""

import sys

from tests.support.attack import attack, deployed_service

EXAMPLES = (
    "1000"  # Random requests to each route; sequences of requests and edge cases come on top.
)


def main() -> int:
    """Attack with the options of the command line, and return an exit status."""
    with deployed_service() as url:
        return attack(url, "--max-examples", EXAMPLES, *sys.argv[1:], shows=True).returncode


if __name__ == "__main__":
    sys.exit(main())
