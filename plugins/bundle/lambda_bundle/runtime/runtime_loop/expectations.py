"""What must be so for runtime_loop to take the place of AWS's runtime client."""

import os
import sys
from os import environ

# The loop uses `_json`, which is private to CPython. On these versions, tests hold what it does to
# what AWS's client does.
TESTED_VERSIONS = {(3, 13)}
REQUIRED = ("AWS_LAMBDA_RUNTIME_API", "LAMBDA_RUNTIME_DIR", "LAMBDA_TASK_ROOT", "_HANDLER")
# Of Python's variables, which `python -I` ignores, the loop itself does what these ask for.
SUPPORTED = {"PYTHONDONTWRITEBYTECODE", "PYTHONFAULTHANDLER"}
# Those of AWS's client that the loop uses for what is rare.
CLIENT_MODULES = {
    "lambda_literals.py",
    "lambda_runtime_exception.py",
    "lambda_runtime_marshaller.py",
}
# The one patches AWS's client, the other takes its place.
PATCHES = {"sentry_sdk", "awslambdaric"}


class UnexpectedError(Exception):
    """Raised when something is not as expected; says what."""


def check(command):
    """Check the command that Lambda gave, the environment, and the files of the function.

    Raises:
        UnexpectedError: something is not as expected.
    """
    for surprise in _find_surprises(command):
        raise UnexpectedError(surprise)


def _find_surprises(command):
    python = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    if sys.version_info[:2] not in TESTED_VERSIONS:
        yield f"untested with {python}"
    yield from (f"no {name}" for name in REQUIRED if not environ.get(name))
    if environ.get("AWS_EXECUTION_ENV") != f"AWS_Lambda_{python}":
        yield f"AWS_EXECUTION_ENV is {environ.get('AWS_EXECUTION_ENV')}"
    root = environ["LAMBDA_RUNTIME_DIR"].removesuffix("/var/runtime")
    if command != [f"{root}/var/lang/bin/{python}", f"{root}/var/runtime/bootstrap.py"]:
        yield f"the command is {command}"
    # SnapStart calls hooks of the function around its snapshot.
    start = environ.get("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand")
    if start not in {"on-demand", "provisioned-concurrency"}:
        yield f"AWS_LAMBDA_INITIALIZATION_TYPE is {start}"
    if "AWS_LAMBDA_MAX_CONCURRENCY" in environ:
        yield "Lambda Managed Instances"
    yield from (
        f"{name} is set" for name in environ if name.startswith("PYTHON") and name not in SUPPORTED
    )
    yield from _find_surprising_files(root, python)


def _find_surprising_files(root, python):
    packages, layers = f"{root}/var/lang/lib/{python}/site-packages", f"{root}/opt/python"
    clients = (f"{packages}/awslambdaric", f"{root}/var/runtime/awslambdaric")
    if not any(CLIENT_MODULES.issubset(list_folder(folder)) for folder in clients):
        yield f"no known version of awslambdaric in {packages}"
    if "sitecustomize.py" in list_folder(packages):
        yield f"{packages} has a sitecustomize.py"
    # AWS's client has imported many modules of the standard library before it looks for others.
    for folder in (environ["LAMBDA_TASK_ROOT"], f"{layers}/lib/{python}/site-packages", layers):
        modules = {name.partition(".")[0] for name in list_folder(folder)}
        for name in modules & sys.stdlib_module_names:
            yield f"{folder} has a module with the name of the standard library's {name}"
        for name in modules & PATCHES:
            yield f"{folder} has {name}, which changes AWS's client"


def list_folder(folder):
    """Return the names in a folder, and none if it does not exist."""
    try:
        return os.listdir(folder)
    except OSError:
        return []
