"""The command `build`: makes the artifact of one function from a zip or a folder."""

import argparse
import contextlib
import difflib
import json
import os
import re
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lambda_bundle.as_packaged import write_as_packaged
from lambda_bundle.brought_along import describe_packaging
from lambda_bundle.bundle import make_bundles, write_file
from lambda_bundle.function import HERE
from lambda_bundle.interpreters import find_python, is_supported, read_runtime
from lambda_bundle.libraries import ELF_MACHINES
from lambda_bundle.output_folder import is_zip, replace_folder
from lambda_bundle.problems import BundleError
from lambda_bundle.report import format_report
from lambda_bundle.runtime_loop import WRAPPER

RUNTIMES = [f"python3.{minor}" for minor in range(9, 15)]
DESCRIPTION = "Makes the artifact of one function from a zip or a folder with its libraries."
EXAMPLE = """example:
  lambda-bundle build package.zip --handler app.handler --runtime python3.13 --output bundle.zip

With --runtime-loop, the function needs the variable AWS_LAMBDA_EXEC_WRAPPER; the report says so."""
LOOP = f"Set AWS_LAMBDA_EXEC_WRAPPER=/var/task/{WRAPPER} in the function's environment."


def add_build_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command to its parser."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.usage = "%(prog)s ZIP_OR_FOLDER --handler H --runtime R --output O [options]"
    parser.description, parser.epilog = DESCRIPTION, EXAMPLE
    add = parser.add_argument
    add("package", type=Path, metavar="ZIP_OR_FOLDER", help="the packaged function with libraries")
    add("--handler", required=True, help="as Lambda has it: app.handler, src/app.handler")
    add("--runtime", required=True, help="as Lambda has it: python3.13")
    add("--architecture", choices=list(ELF_MACHINES), default="x86_64", help="default: x86_64")
    add("--output", required=True, type=Path, help="a file that ends with .zip, or a folder")
    add("--overwrite", action="store_true", help="replace an output folder that has other files")
    add("--name", help="of the function in reports; default: the output's name")
    add("--include", action="append", default=[], metavar="NAME", help="a module, or a pattern of "
        "paths, that no import shows; may be repeated")  # fmt: skip
    add("--external", action="append", default=[], metavar="NAME", help="a module that a layer has;"
        " '*' for any; may be repeated")  # fmt: skip
    add("--python-path", action="append", default=[], metavar="FOLDER", help="a folder in the "
        "variable PYTHONPATH of the function; may be repeated")  # fmt: skip
    add("--environment", action="append", default=[], metavar="NAME=VALUE", help="a variable that "
        "modules need when they are imported; may be repeated")  # fmt: skip
    add("--data", choices=["all", "reached"], default="all", help="own files that are not Python: "
        "all, or those of packages that are imported")  # fmt: skip
    add("--minify", action="store_true", help="minify own scripts and styles, by esbuild")
    add("--no-compile", action="store_true", help="ship pydantic and the models as they are")
    loop = add("--runtime-loop", action=argparse.BooleanOptionalAction, default=False)
    loop.help = "start faster than with AWS's runtime client; needs AWS_LAMBDA_EXEC_WRAPPER"
    add("--strict", action="store_true", help="fail if something cannot be bundled")
    add("--python", help="the interpreter of the runtime's version; default: it is searched for")
    add("--cache", type=Path, help="a folder that makes the next build faster")
    add("--report", type=Path, metavar="FILE", help="where to write the report as JSON")


def build(parser: argparse.ArgumentParser, arguments: argparse.Namespace) -> None:
    """Make the artifact, and print a report to standard error.

    Raises:
        BundleError: it cannot be made.
        SystemExit: an argument is wrong.
    """
    if problem := _find_problem(arguments):
        parser.error(problem)
    for each in arguments.environment:
        if "=" not in each:
            parser.error(f"--environment {each}: it must be NAME=VALUE")
    _continue_in(parser, arguments)
    with _explaining_temporary_files(), tempfile.TemporaryDirectory() as folder:
        (result,) = make_bundles(_describe(arguments, folder))
        if "left" in result:
            write_as_packaged(arguments.package, arguments.output)
        else:
            _write_artifact(Path(result["artifact"]), arguments.output)
    result["artifact"] = str(arguments.output)
    if arguments.report:
        write_file(arguments.report, json.dumps(result, indent=2).encode() + b"\n")
    print(format_report([result]), file=sys.stderr)
    if arguments.runtime_loop and "left" not in result:
        print(f"  to do: {LOOP}", file=sys.stderr)


@contextlib.contextmanager
def _explaining_temporary_files() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        where = error.filename or tempfile.gettempdir()
        raise BundleError(f"{where}: {error.strerror}. Set TMPDIR to another folder.") from None


def _find_problem(arguments: argparse.Namespace) -> str | None:
    """Return what is wrong with the arguments, and how to correct it, or None."""
    if not arguments.package.exists():
        return f"there is no file or folder {arguments.package}"
    if arguments.package.is_file() and not zipfile.is_zipfile(arguments.package):
        return f"{arguments.package} is neither a zip nor a folder"
    if not re.fullmatch(r"[^.\s][^\s]*\.\w+", arguments.handler):
        return f"--handler {arguments.handler}: it must be a module and a function, as app.handler"
    if not re.fullmatch(r"python3\.\d+", arguments.runtime):
        similar = difflib.get_close_matches(arguments.runtime, RUNTIMES, 1, 0.3) or RUNTIMES[-2:-1]
        return f"--runtime {arguments.runtime}: no such runtime of Python. Similar: {similar[0]}"
    for path in filter(None, (arguments.output, arguments.report)):
        if not path.absolute().parent.is_dir():
            return f"there is no folder {path.absolute().parent}"
    return _find_problem_of_output(arguments)


def _find_problem_of_output(arguments: argparse.Namespace) -> str | None:
    output, package = arguments.output.resolve(), arguments.package.resolve()
    if arguments.report and arguments.report.resolve() == output:
        return f"--report {arguments.report} is the output, too"
    if is_zip(output):
        return f"--output {output} is a folder" if output.is_dir() else None
    if output.is_file():
        return f"--output {output} is a file; a zip's name must end with .zip"
    if output in package.parents or (package.is_dir() and package in output.parents):
        return f"--output {output} and {package} must not contain each other"
    if not arguments.overwrite and output != package and output.is_dir() and any(output.iterdir()):
        return f"--output {output} has files; delete them, or add --overwrite"
    return None


def _continue_in(parser: argparse.ArgumentParser, arguments: argparse.Namespace) -> None:
    """Continue in an interpreter of the runtime's version, if this is another one.

    If there is none, the artifact has no bytecode; then the report says so.
    """
    if arguments.python:
        found = read_runtime(arguments.python)
        if found != arguments.runtime:
            what = f"is of {found}, not" if found else "does not run; it must be an interpreter of"
            parser.error(f"--python {arguments.python} {what} {arguments.runtime}")
    if arguments.runtime == HERE or not is_supported(arguments.runtime):
        return
    python = arguments.python or find_python(arguments.runtime)
    if not python:
        return
    here = Path(__file__).with_name("__main__.py")
    environment = {**os.environ, **describe_packaging()}
    os.execve(python, [python, str(here), *sys.argv[1:]], environment)


def _describe(arguments: argparse.Namespace, folder: str) -> dict[str, Any]:
    """Return the request for the artifact, which is made in a folder of its own."""
    function = {
        "name": arguments.name or arguments.output.resolve().stem,
        "handler": arguments.handler,
        "runtime": arguments.runtime,
        "architecture": arguments.architecture,
        "include": arguments.include,
        "external": arguments.external,
        "python_path": arguments.python_path,
        "environment": dict(each.split("=", 1) for each in arguments.environment),
        "data": arguments.data,
        "minify": arguments.minify,
        "pydantic": arguments.no_compile,
        "runtime_loop": arguments.runtime_loop,
        "strict": arguments.strict,
    }
    cache = str(arguments.cache) if arguments.cache else None
    return {
        "package": str(arguments.package),
        "output": folder,
        "cache": cache,
        "functions": [function],
    }


def _write_artifact(artifact: Path, output: Path) -> None:
    """Write the artifact to the output: the whole of it or nothing.

    Raises:
        BundleError: it cannot be written, as when the disk is full.
    """
    if is_zip(output):
        write_file(output, artifact.read_bytes())
        return
    try:
        replace_folder(artifact, output.resolve())
    except OSError as error:
        raise BundleError(f"{output} cannot be written: {error.strerror}.") from None
