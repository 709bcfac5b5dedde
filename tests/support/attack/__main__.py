"""`npm run attack`: a long attack on a service of its own, with thousands of cases a route."""

import sys

from tests.support.attack import attack, deployed_service

# Random requests to each route, and sequences of requests; then again, with other ones, until the
# time is over.
EXAMPLES, TIME_S = "200", "1800"


def main() -> int:
    """Attack with the options of the command line, and return an exit status."""
    options = ("--max-examples", EXAMPLES, "--max-time", TIME_S)
    with deployed_service() as url:
        return attack(url, *options, *sys.argv[1:], shows=True).returncode


if __name__ == "__main__":
    sys.exit(main())
