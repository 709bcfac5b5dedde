"""The command line.

`lambda-bundle build` makes an artifact from a zip or a folder; docs/command-line.md shows its use.
`lambda-bundle request` reads a request for bundles from standard input, as the Serverless plugin
writes it, and prints the results. Both are JSON.
"""

import argparse
import json
import signal
import sys
from typing import Any, NoReturn

from lambda_bundle.build import add_build_arguments, build
from lambda_bundle.bundle import make_bundles
from lambda_bundle.problems import BundleError

DESCRIPTION = "Makes Python Lambdas start fast."


def main() -> None:
    """Run a command. The exit status is 0, 1 if it fails, and 2 for a mistake in its arguments."""
    parser = argparse.ArgumentParser("lambda-bundle", description=DESCRIPTION)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    builder = commands.add_parser("build", help="make an artifact from a zip or a folder")
    add_build_arguments(builder)
    commands.add_parser("request", help="make those that a request on standard input describes")
    arguments = parser.parse_args(sys.argv[1:] or _default())
    signal.signal(signal.SIGTERM, _stop)
    try:
        if arguments.command == "build":
            build(builder, arguments)
        else:
            json.dump(make_bundles(_read_request()), sys.stdout)
    except BundleError as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit("Interrupted.")


def _read_request() -> dict[str, Any]:
    """Return the request on standard input.

    Raises:
        BundleError: it is not JSON.
    """
    try:
        request: dict[str, Any] = json.load(sys.stdin)
    except json.JSONDecodeError:
        problem = "Standard input is not a request in JSON. For help: lambda-bundle --help"
        raise BundleError(problem) from None
    return request


def _default() -> list[str]:
    """Return the arguments for a call without any."""
    return ["--help"] if sys.stdin.isatty() else ["request"]


def _stop(_number: int, _frame: object) -> NoReturn:
    """Exit upon SIGTERM as upon an error, so that unfinished files are deleted."""
    sys.exit("Terminated.")


if __name__ == "__main__":
    main()
