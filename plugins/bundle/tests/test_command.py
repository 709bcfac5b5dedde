"""The command line: it makes an artifact from a zip or a folder, and answers mistakes clearly."""

import json
import os
import re
import shutil
import signal
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

import lambda_bundle
import pytest
from lambda_bundle.report import format_report
from requests_for import RUNTIME, distribution, installed, request_for

COMMAND = [sys.executable, str(Path(lambda_bundle.__file__).parent)]
OTHER = "python3.11" if RUNTIME != "python3.11" else "python3.12"
FUNCTION = ["--handler", "app.f", "--runtime", RUNTIME]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder that has a packaged function in `app/`."""
    files = {"app.py": "import library\ndef f(event, context): ...\n", "bin/run": "#!"}
    for path, text in {**files, **distribution("library")}.items():
        (tmp_path / "app" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "app" / path).write_text(str(text))
    (tmp_path / "app/bin/run").chmod(0o755)
    return tmp_path


def run(folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run the command in a folder."""
    environment = {**os.environ, "PYTHONOPTIMIZE": "2", "PYTHONPATH": "/nowhere"}
    return subprocess.run(
        [*COMMAND, *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_folder_becomes_a_zip_and_a_report(folder: Path) -> None:
    made = run(folder, "build", "app", *FUNCTION, "--output", "out.zip", "--report", "report.json")
    assert made.returncode == 0, made.stderr
    assert made.stderr.startswith("out: 0.00 MB zipped")
    with zipfile.ZipFile(folder / "out.zip") as archive:
        names = archive.namelist()
    tag = sys.implementation.cache_tag
    assert {"app.py", f"__pycache__/app.{tag}.pyc", f"library/__pycache__/__init__.{tag}.pyc"} < {
        *names
    }
    report = json.loads((folder / "report.json").read_text())
    assert report["libraries"] == [{"name": "library", "version": "1"}]
    assert (report["kept"], report["artifact"]) == ([], "out.zip")
    assert sorted(path.name for path in folder.iterdir()) == ["app", "out.zip", "report.json"]


def test_a_zip_becomes_a_folder_in_the_place_of_an_empty_one_or_of_itself(folder: Path) -> None:
    shutil.make_archive(str(folder / "app"), "zip", folder / "app")
    (folder / "out").mkdir()
    made = run(folder, "build", "app.zip", *FUNCTION, "--output", "out")
    assert made.returncode == 0, made.stderr
    assert (folder / "out/app.py").exists()
    assert (folder / "out/bin/run").stat().st_mode & stat.S_IXUSR
    made = run(folder, "build", "out", *FUNCTION, "--output", "out")
    assert made.returncode == 0, made.stderr
    assert sorted(path.name for path in folder.iterdir()) == ["app", "app.zip", "out"]


def test_the_same_input_makes_the_same_zip(folder: Path) -> None:
    for output in ("one.zip", "two.zip"):
        run(folder, "build", "app", *FUNCTION, "--name", "f", "--output", output)
    assert (folder / "one.zip").read_bytes() == (folder / "two.zip").read_bytes()


def test_the_runtime_loop_is_a_switch_and_the_report_says_what_it_needs(folder: Path) -> None:
    made = run(folder, "build", "app", *FUNCTION, "--output", "out", "--runtime-loop")
    assert "AWS_LAMBDA_EXEC_WRAPPER=/var/task/runtime_loop/wrapper" in made.stderr
    assert os.access(folder / "out/runtime_loop/wrapper", os.X_OK)
    made = run(folder, "build", "app", *FUNCTION, "--output", "other")
    assert "AWS_LAMBDA_EXEC_WRAPPER" not in made.stderr
    assert not (folder / "other/runtime_loop").exists()


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["lost.zip", *FUNCTION, "--output", "o.zip"], "there is no file or folder lost.zip"),
        (["app/app.py", *FUNCTION, "--output", "o.zip"], "app/app.py is neither a zip nor a f"),
        (["app", "--handler", "app", "--runtime", RUNTIME, "--output", "o.zip"], "as app.handler"),
        (
            ["app", "--handler", "app.f", "--runtime", "python-3.13", "--output", "o.zip"],
            "no such runtime of Python. Similar: python3.13",
        ),
        (["app", *FUNCTION, "--output", "o.zip", "--architecture", "arm"], "arm64"),
        (["app", *FUNCTION, "--output", "lost/o.zip"], "there is no folder"),
        (["app", *FUNCTION, "--output", "."], "must not contain each other"),
        (["app", *FUNCTION, "--output", "app/out"], "must not contain each other"),
        (["app", *FUNCTION, "--output", "full"], "has files; delete them, or add --overwrite"),
        (["app", *FUNCTION, "--output", "app/app.py"], "a zip's name must end with .zip"),
        (["app", *FUNCTION, "--output", "o.zip", "--report", "./o.zip"], "is the output, too"),
        (["app", *FUNCTION, "--output", "o.zip", "--python", "/lost/python"], "does not run"),
        (["app", "--runtime", RUNTIME, "--output", "o.zip"], "--handler"),
    ],
)
def test_a_mistake_in_the_arguments_is_answered_and_nothing_is_written(
    arguments: list[str], problem: str, folder: Path
) -> None:
    (folder / "full").mkdir()
    (folder / "full/file").touch()
    made = run(folder, "build", *arguments)
    assert made.returncode == 2
    assert problem in made.stderr
    assert sorted(path.name for path in folder.iterdir()) == ["app", "full"]
    assert (folder / "full/file").exists()


def test_a_failure_leaves_what_was_there(folder: Path) -> None:
    (folder / "out.zip").write_text("before")
    made = run(
        folder, "build", "app", "--handler", "lost.f", "--runtime", RUNTIME, "--output", "out.zip"
    )
    assert (made.returncode, made.stdout) == (1, "")
    assert made.stderr.startswith("The function out cannot be bundled: There is no module lost")
    assert (folder / "out.zip").read_text() == "before"
    (folder / "app/app.py").write_text("import nowhere\ndef f(): ...\n")
    made = run(folder, "build", "app", *FUNCTION, "--output", "out.zip", "--strict")
    assert made.returncode == 1
    assert "There is no module nowhere" in made.stderr
    made = run(folder, "build", "app", *FUNCTION, "--output", "out.zip")
    assert made.returncode == 0
    assert "kept models and size: There is no module nowhere" in made.stderr


def test_a_function_of_another_version_is_made_by_its_interpreter_or_ships_as_it_is(
    folder: Path,
) -> None:
    arguments = ["build", "app", "--handler", "app.f", "--runtime"]
    made = run(folder, *arguments, "python3.99", "--output", "as-it-is")
    assert made.returncode == 0, made.stderr
    assert "kept bytecode: its runtime is python3.99" in made.stderr
    assert not list((folder / "as-it-is").rglob("*.pyc"))
    made = run(folder, *arguments, "python3.10", "--output", "old.ZIP")
    assert made.returncode == 0, made.stderr
    assert "its runtime is python3.10; bundles are made for python3.11 and later" in made.stderr
    assert zipfile.is_zipfile(folder / "old.ZIP")
    made = run(folder, *arguments, OTHER, "--output", "out", "--python", sys.executable)
    assert made.returncode == 2
    assert f"is of {RUNTIME}, not {OTHER}" in made.stderr


def test_the_command_runs_where_a_service_has_modules_named_as_those_of_python(
    folder: Path,
) -> None:
    for name in ("json", "logging", "tempfile", "packaging", "lambda_bundle"):
        (folder / f"{name}.py").write_text("raise SystemError")
    assert run(folder, "build", "app", *FUNCTION, "--output", "out.zip").returncode == 0


def test_a_package_that_is_too_large_is_copied_as_it_is_with_a_warning(folder: Path) -> None:
    large = folder / "app/.venv/large.bin"
    large.parent.mkdir()
    large.touch()
    os.truncate(large, 1_200_000_000)  # A sparse file: it takes no space.
    made = run(folder, "build", "app", *FUNCTION, "--output", "app", "--report", "report.json")
    assert made.returncode == 0, made.stderr
    assert "app: as packaged, not bundled: the package has 1.20 GB unzipped" in made.stderr
    assert ".venv (1.20 GB)" in made.stderr
    assert json.loads((folder / "report.json").read_text())["artifact"] == "app"
    assert (folder / "app/bin/run").exists()
    made = run(folder, "build", "app", *FUNCTION, "--output", "out.zip", "--strict")
    assert made.returncode == 1
    assert not (folder / "out.zip").exists()


def test_a_full_disk_for_temporary_files_is_answered_with_what_to_change(folder: Path) -> None:
    pydantic = installed("pydantic", "pydantic-core", "typing-extensions")
    for path, content in {**pydantic, "app.py": "import pydantic\ndef f(): ...\n"}.items():
        (folder / "app" / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / "app" / path).write_bytes(
            content if isinstance(content, bytes) else content.encode()
        )
    made = subprocess.run(  # With files of up to 100 blocks of 512 bytes.
        [
            "sh",
            "-c",
            'ulimit -f 100; exec "$@"',
            "sh",
            *COMMAND,
            "build",
            "app",
            *FUNCTION,
            "--output",
            "o",
        ],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 1
    assert made.stderr.endswith("File too large. Set TMPDIR to another folder.\n")
    assert not (folder / "o").exists()


def test_an_interrupted_build_leaves_nothing(folder: Path) -> None:
    (folder / "app/big.bin").write_bytes(os.urandom(30_000_000))
    process = subprocess.Popen(
        [*COMMAND, "build", "app", *FUNCTION, "--output", "out"],
        cwd=folder,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "TMPDIR": str(folder)},
    )
    while not list(folder.glob("tmp*/tmp*")):  # The artifact, which a thread writes.
        assert process.poll() is None
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (1, "Terminated.\n")
    assert [path.name for path in folder.iterdir()] == ["app"]


def test_a_request_on_standard_input_has_its_results_on_standard_output(tmp_path: Path) -> None:
    request = request_for(tmp_path, {"handler.py": ""})
    for arguments in (["request"], []):
        made = subprocess.run(
            [*COMMAND, *arguments],
            input=json.dumps(request),
            capture_output=True,
            text=True,
            check=True,
        )
        (result,) = json.loads(made.stdout)
        assert result["function"] == "f"


def test_what_is_no_request_is_answered_with_a_hint() -> None:
    made = subprocess.run(COMMAND, input="", capture_output=True, text=True, check=False)
    assert made.returncode == 1
    assert made.stderr == (
        "Standard input is not a request in JSON. For help: lambda-bundle --help\n"
    )


def test_the_report_names_some_of_many_compiled_modules() -> None:
    result = {"function": "f", "zipped": 0, "unzipped": 0, "modules": 5, "left_out": []}
    result |= {"compiled": list("abcde"), "kept": [], "warnings": []}
    assert "compiled models: a, b, c and 2 more" in format_report([result])


def test_the_documentation_has_every_argument(folder: Path) -> None:
    text = (Path(__file__).parents[1] / "docs/command-line.md").read_text()
    arguments = set(re.findall(r"--[a-z-]+", run(folder, "build", "--help").stdout))
    documented = set(re.findall(r"^\| `(--[a-z-]+)", text, re.MULTILINE))
    assert arguments - documented == {"--help", "--no-runtime-loop"}
    assert documented < arguments
