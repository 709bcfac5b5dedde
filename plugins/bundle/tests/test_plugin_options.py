"""The plugin's options, and what it does when something is missing."""

import shutil
import sys
from pathlib import Path

import pytest
from plugin_service import Service, bytecode_of
from requests_for import RUNTIME


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"stict": True}, "custom.bundle.stict is not an option. The options: cache, checks, "),
        ({"strict": "yes"}, "custom.bundle.strict must be true or false."),
        (
            {"include": ["x"]},
            "custom.bundle.include must be a mapping, each value a list of strings.",
        ),
        ({"target": "moon"}, "custom.bundle.target must be lambda or machine."),
    ],
)
def test_a_mistaken_option_is_an_error(
    tmp_path: Path, options: dict[str, object], problem: str
) -> None:
    assert problem in Service(tmp_path, custom={"bundle": options}).fail()


def test_an_include_for_no_function_is_a_warning(tmp_path: Path) -> None:
    service = Service(tmp_path, custom={"bundle": {"include": {"g": ["x"]}}})
    assert "custom.bundle.include.g: there is no function g." in service.package()


def test_a_mistaken_option_of_a_function_is_an_error(tmp_path: Path) -> None:
    functions = {"f": {"handler": "handler.f", "bundle": {"pydantic": True}}}
    output = Service(tmp_path, functions=functions).fail()
    assert "functions.f.bundle.pydantic is not an option" in output
    assert "external, include, models, runtimeLoop" in output


def test_models_can_be_left_to_pydantic(tmp_path: Path) -> None:
    functions = {"f": {"handler": "handler.f", "bundle": {"models": False}}}
    service = Service(tmp_path, functions=functions)
    service.package()
    (function,) = service.report["functions"]
    assert function["compiled"] == []


@pytest.mark.parametrize("named", ["path", "mapping"])
def test_the_interpreter_can_be_named(tmp_path: Path, named: str) -> None:
    python = sys.executable if named == "path" else {RUNTIME: sys.executable}
    service = Service(tmp_path, custom={"bundle": {"python": python}})
    service.package(VIRTUAL_ENV=str(tmp_path))
    assert bytecode_of("handler.py") in service.deployed()


def test_the_interpreter_of_an_environment_in_the_repository_is_found(tmp_path: Path) -> None:
    service = Service(tmp_path)
    (tmp_path / ".git").mkdir()
    (tmp_path / ".venv").symlink_to(sys.prefix)
    service.package(VIRTUAL_ENV="/nowhere", PATH=path_without_python(tmp_path))
    assert bytecode_of("handler.py") in service.deployed()


def test_an_interpreter_that_does_not_run_is_an_error(tmp_path: Path) -> None:
    service = Service(tmp_path, custom={"bundle": {"python": "./missing/python"}})
    assert "custom.bundle.python: ./missing/python does not run." in service.fail()


def test_without_an_interpreter_the_service_is_packaged_as_it_is(tmp_path: Path) -> None:
    service = Service(tmp_path, plugins=["lambda-bundle"])
    output = service.package(VIRTUAL_ENV=str(tmp_path), PATH=path_without_python(tmp_path))
    assert "handler.py" in service.deployed()
    version = RUNTIME.removeprefix("python")
    assert f"uv python install {version}" in output


def test_without_an_interpreter_strict_is_an_error(tmp_path: Path) -> None:
    service = Service(tmp_path, plugins=["lambda-bundle"], custom={"bundle": {"strict": True}})
    result = service.serverless(
        "package", VIRTUAL_ENV=str(tmp_path), PATH=path_without_python(tmp_path)
    )
    assert result.returncode == 1
    assert f"no Python {RUNTIME.removeprefix('python')} was found" in result.stdout + result.stderr


def path_without_python(folder: Path) -> str:
    """Return a PATH with nothing but node."""
    programs = folder / "programs"
    programs.mkdir()
    node = shutil.which("node")
    assert node
    (programs / "node").symlink_to(node)
    return str(programs)


def test_if_the_bundler_fails_the_service_is_packaged_as_it_is(tmp_path: Path) -> None:
    python = tmp_path / "python"  # It tells its version, and fails at all else.
    version = RUNTIME.removeprefix("python")
    tell = f'[ "$2" = -c ] && printf "%s\\n" {version} "$0" && exit'
    python.write_text(f"#!/bin/sh\n{tell}\necho 'Traceback (most recent call last):' >&2\nexit 1\n")
    python.chmod(0o755)
    service = Service(tmp_path, custom={"bundle": {"python": str(python)}})
    output = service.package()
    assert "handler.py" in service.deployed()
    assert "the bundler failed" in output
    service.configuration["custom"]["bundle"]["strict"] = True
    assert "the bundler failed" in service.fail()


def test_the_shell_does_not_change_artifacts(tmp_path: Path) -> None:
    service = Service(tmp_path)
    service.package()
    first = service.deployed()
    shutil.rmtree(tmp_path / "cache")
    service.package(PYTHONOPTIMIZE="2", PYTHONHASHSEED="1", PYTHONPYCACHEPREFIX="/nowhere")
    assert service.deployed() == first


def test_a_module_with_a_name_of_the_standard_library_does_no_harm(tmp_path: Path) -> None:
    service = Service(tmp_path)
    service.write("calendar.py", "raise RuntimeError\n")
    service.write("types.py", "raise RuntimeError\n")
    service.package()
    assert bytecode_of("handler.py") in service.deployed()
