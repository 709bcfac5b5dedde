"""Where something is not as runtime_loop expects, AWS's runtime client runs the function."""

import ast
import py_compile
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from lambda_bundle.runtime_loop import WRAPPER

from dev.lambda_python import base_python, image_folder
from tests.support.two_runtimes import Event, Pair, make_task, run_pair

HANDLER = "surroundings_of_client.handler"
# It shows which client runs it, and what that got from Lambda.
SOURCE = """
import os, sys
def handler(event, context):
    print(sys.executable, sys.argv, sys.path, sorted(os.environ.items()))
    return ["awslambdaric.bootstrap" in sys.modules, "runtime_loop" in sys.modules]
"""
VARIABLES: dict[str, tuple[dict[str, Any], str]] = {
    "SnapStart": ({"AWS_LAMBDA_INITIALIZATION_TYPE": "snap-start"}, "TYPE is snap-start"),
    "Lambda Managed Instances": ({"AWS_LAMBDA_MAX_CONCURRENCY": "1"}, "Managed Instances"),
    "a new kind of start": ({"AWS_LAMBDA_INITIALIZATION_TYPE": "new"}, "TYPE is new"),
    "PYTHONPATH": ({"PYTHONPATH": "/opt/own"}, "PYTHONPATH is set"),
    "PYTHONUNBUFFERED": ({"PYTHONUNBUFFERED": "1"}, "PYTHONUNBUFFERED is set"),
    "PYTHONWARNINGS": ({"PYTHONWARNINGS": "ignore"}, "PYTHONWARNINGS is set"),
}
FILES = {
    "task/statistics.py": "statistics",
    "task/types/__init__.py": "types",
    "image/opt/python/calendar.py": "calendar",
    "image/opt/python/lib/python3.13/site-packages/bisect.py": "bisect",
    "task/sentry_sdk/__init__.py": "sentry_sdk, which",
    "image/opt/python/sentry_sdk/__init__.py": "sentry_sdk, which",
    "task/awslambdaric/__init__.py": "awslambdaric, which",
    "image/var/lang/lib/python3.13/site-packages/sitecustomize.py": "sitecustomize.py",
}
AT_START = ["context", "expectations", "log", "loop", "results", "runtime_api"]
COMPLETE = {
    "AWS_EXECUTION_ENV": "AWS_Lambda_python3.13",
    "AWS_LAMBDA_RUNTIME_API": "127.0.0.1:1",
    "LAMBDA_RUNTIME_DIR": "/var/runtime",
    "LAMBDA_TASK_ROOT": "/var/task",
    "LANG": "C.UTF-8",
    "_HANDLER": "handler.handler",
}


@pytest.fixture
def image(tmp_path: Path) -> Path:
    """Return a likeness of Lambda's image that a test may change."""
    return Path(shutil.copytree(image_folder(), tmp_path / "image", symlinks=True))


@pytest.fixture
def task(tmp_path: Path) -> Path:
    """Return the folder of a function that a test may change."""
    folder = make_task(tmp_path / "task")
    (folder / "surroundings_of_client.py").write_text(SOURCE)
    return folder


def check(pair: Pair, reason: str) -> None:
    """Check that the function ran as under AWS's client, but for a line that says why."""
    original, given_way = pair
    assert original.requests[1].body == "[true, false]"
    assert given_way.requests == original.requests
    first, rest = given_way.log.split("\n", 1)
    assert first.startswith("runtime_loop gives way to AWS's runtime client: ")
    assert reason in first
    wrapper = "('AWS_LAMBDA_EXEC_WRAPPER', '/var/task/runtime_loop/wrapper'), "
    assert rest.replace(wrapper, "") == original.log


@pytest.mark.parametrize("case", VARIABLES)
def test_it_gives_way_for_a_variable(case: str, task: Path) -> None:
    variables, reason = VARIABLES[case]
    check(run_pair(task, HANDLER, [Event({})], **variables), reason)


@pytest.mark.parametrize("path", FILES)
def test_it_gives_way_for_a_file(path: str, task: Path, image: Path, tmp_path: Path) -> None:
    (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / path).write_text("")
    check(run_pair(task, HANDLER, [Event({})], image=image), FILES[path])


def test_it_gives_way_to_another_python(task: Path, image: Path) -> None:
    python = image / "var/lang/bin/python3.13"
    python.rename(python.with_name("python3.14"))
    check(run_pair(task, HANDLER, [Event({})], image=image), "AWS_EXECUTION_ENV is AWS_Lambda_py")


def test_it_gives_way_to_another_version_of_aws_s_client(task: Path, image: Path) -> None:
    packages = image / "var/lang/lib/python3.13/site-packages"
    client = (packages / "awslambdaric").resolve()
    (packages / "awslambdaric").unlink()
    shutil.copytree(client, packages / "awslambdaric")
    literals = packages / "awslambdaric/lambda_literals.py"
    py_compile.compile(str(literals), str(literals.with_suffix(".pyc")))
    literals.unlink()
    check(run_pair(task, HANDLER, [Event({})], image=image), "no known version of awslambdaric")


@pytest.mark.parametrize("content", [None, "x = = 1\n", "1 / 0\n"])
@pytest.mark.parametrize("module", AT_START)
def test_it_gives_way_if_a_module_of_its_own_is_missing_or_broken(
    module: str, content: str | None, task: Path
) -> None:
    shutil.rmtree(task / "runtime_loop/__pycache__")
    path = task / f"runtime_loop/{module}.py"
    path.unlink()
    if content:
        path.write_text(content)
    check(run_pair(task, HANDLER, [Event({})]), "Error(")


@pytest.mark.parametrize(
    "name", ["AWS_LAMBDA_RUNTIME_API", "LAMBDA_RUNTIME_DIR", "LAMBDA_TASK_ROOT", "_HANDLER"]
)
def test_without_a_variable_it_runs_the_command_with_its_environment(name: str, task: Path) -> None:
    environment = {key: value for key, value in COMPLETE.items() if key != name}
    assert run_command(task, environment) == (f"no {name}", sorted(environment.items()))


def test_it_runs_another_command_with_its_environment(task: Path) -> None:
    reason, environment = run_command(task, COMPLETE)
    assert reason.startswith("the command is [")
    assert environment == sorted(COMPLETE.items())


def run_command(task: Path, environment: dict[str, str]) -> tuple[str, list[tuple[str, str]]]:
    """Have the wrapper run a command, and return why it does, and the command's environment."""
    show = "import os; print(sorted(os.environ.items()))"
    command = [str(task / WRAPPER), base_python(), "-c", show]
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    (reason,) = re.findall(r"UnexpectedError\(['\"](.*)['\"]\)\n$", run.stderr)
    return reason, ast.literal_eval(run.stdout)
