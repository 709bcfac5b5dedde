"""Bytecode in an artifact runs like its source, and depends on the source alone."""

import ast
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from lambda_bundle.bundle import make_bundles
from lambda_bundle.problems import BundleError
from requests_for import distribution, request_for

from dev.lambda_runtime import Lambda
from dev.service import ROOT


def evaluate(folder: Path, expression: str) -> Any:
    """Evaluate an expression with the module `handler` in a fresh interpreter.

    Returns its value, and whether `typing` was imported.
    """
    script = (
        f"import sys; sys.path.insert(0, {str(folder)!r}); import handler\n"
        f"print([{expression}, 'typing' in sys.modules])"
    )
    command = [sys.executable, "-I", "-S", "-c", script]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    return ast.literal_eval(run.stdout)


def bundle_and_unzip(tmp_path: Path, files: dict[str, str]) -> tuple[Path, Path]:
    """Return a folder with these files, and one with the bundle made of them."""
    (made,) = make_bundles(request_for(tmp_path, files))
    with zipfile.ZipFile(tmp_path / "service.zip") as archive:
        archive.extractall(tmp_path / "source")
    with zipfile.ZipFile(made["artifact"]) as archive:
        archive.extractall(tmp_path / "task")
    return tmp_path / "source", tmp_path / "task"


TYPED = """
from __future__ import annotations
from typing import TYPE_CHECKING
import other
if TYPE_CHECKING:
    from nowhere import Missing
else:
    Missing = "not checking"
def line() -> Missing:
    try:
        1 / 0
    except ZeroDivisionError as error:
        return error.__traceback__.tb_lineno
def scopes() -> list[Missing]:
    class Inner:
        from typing import TYPE_CHECKING as CHECKING
    return [TYPE_CHECKING, Missing, other.value(), Inner.CHECKING]
"""


OTHER = "def value():\n    from typing import TYPE_CHECKING\n    return TYPE_CHECKING\n"


def test_a_syntax_error_is_an_error_that_names_file_and_line(tmp_path: Path) -> None:
    files = {"handler.py": "import a", "a.py": "x = 1\nx = = 2\n"}
    request = request_for(tmp_path, files, strict=True)
    with pytest.raises(BundleError, match=r"a\.py, line 2: invalid syntax"):
        make_bundles(request)


def test_the_entry_module_has_only_its_own_names(tmp_path: Path) -> None:
    handler = (
        "PATHS, BYTECODE, marshal, TASK_ROOT = 1, 2, 3, 4\n"
        "def f(event, context):\n"
        "    import other\n"
        "    return sorted(name for name in globals() if not name.startswith('__')), other.x\n"
    )
    files = {"shop/handler.py": handler, "other.py": "x = __file__\n"}
    (made,) = make_bundles(request_for(tmp_path, files, handler="shop/handler.f"))
    with zipfile.ZipFile(made["artifact"]) as archive:
        archive.extractall(tmp_path / "task")
    with Lambda(tmp_path / "task", "shop/handler.f") as function:
        function.wait_until_ready()
        names, path = function.invoke({}).document
    assert names == ["BYTECODE", "PATHS", "TASK_ROOT", "f", "marshal"]
    assert path == str(tmp_path / "task/other.py")


@pytest.mark.parametrize("expression", ["handler.line()", "handler.scopes()"])
def test_type_checking_does_not_import_typing_in_a_bundle(expression: str, tmp_path: Path) -> None:
    files = {"handler.py": TYPED, "other.py": OTHER}
    source, task = bundle_and_unzip(tmp_path, files)
    unbundled, imported = evaluate(source, expression)
    assert imported
    assert evaluate(task, expression) == [unbundled, False]
    assert (task / "handler.py").read_bytes() == (source / "handler.py").read_bytes()


def test_names_imported_beside_type_checking_are_still_imported(tmp_path: Path) -> None:
    source = "from typing import (\n    Any,\n    TYPE_CHECKING as CHECKING,\n    cast,\n)\n"
    folders = bundle_and_unzip(tmp_path, {"handler.py": source})
    expression = "[str(handler.Any), handler.CHECKING, handler.cast(int, 1)]"
    for folder in folders:
        assert evaluate(folder, expression) == [["typing.Any", False, 1], True]


@pytest.mark.parametrize(
    "environment",
    [{"PYTHONOPTIMIZE": "2"}, {"PYTHONPYCACHEPREFIX": "/elsewhere"}, {"PYTHONHASHSEED": "1"}],
)
def test_the_shell_s_python_settings_do_not_change_an_artifact(
    environment: dict[str, str], tmp_path: Path
) -> None:
    made = []
    for name, settings in (("plain", {}), ("set", environment)):
        source = '"""A docstring."""\nVOWELS = {"a", "e", "i", "o", "u"}\nassert VOWELS\n'
        (tmp_path / name).mkdir()
        run = subprocess.run(
            [sys.executable, "-m", "lambda_bundle", "request"],
            cwd=ROOT,
            env={"PATH": os.environ["PATH"], **settings},
            input=json.dumps(request_for(tmp_path / name, {"handler.py": source})),
            capture_output=True,
            text=True,
            check=True,
        )
        (result,) = json.loads(run.stdout)
        made.append(Path(result["artifact"]).read_bytes())
    assert made[0] == made[1]


def test_a_template_with_invalid_syntax_is_shipped_unchanged(tmp_path: Path) -> None:
    template = "a/{{name}}.py"
    files = {"handler.py": "import a", template: "{{x", **distribution("a", template)}
    (made,) = make_bundles(request_for(tmp_path, files))
    with zipfile.ZipFile(made["artifact"]) as archive:
        assert archive.read(template) == b"{{x"
