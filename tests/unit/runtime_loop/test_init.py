"""The init phase under runtime_loop, against AWS's runtime client."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from dev.lambda_python import image_folder
from dev.lambda_runtime import Lambda
from tests.support.two_runtimes import Event, make_task, run_pair

BAD_HANDLERS = {
    "echo": "MalformedHandlerName",
    "nowhere.handler": "ImportModuleError",
    "echo.missing": "HandlerNotFound",
    "echo.": "HandlerNotFound",
    "sys.exit": "BuiltInModuleConflict",
    "time.sleep": "BuiltInModuleConflict",
    "sys/a.b": "ImportModuleError",
    ".handler": "ValueError",
    "broken.syntax.handler": "UserCodeSyntaxError",
    "broken/syntax.handler": "UserCodeSyntaxError",
    "broken/division.handler": "ZeroDivisionError",
    "nowhere/echo.handler": "ImportModuleError",
    "../echo.handler": "TypeError",
}
GOOD_HANDLERS = ["inits.handler", "shop/cart/checkout.handler", "shop.cart.handler", "json.dumps"]
FAILURES = {
    "error": "raise ValueError('why')",
    "several lines": "raise ValueError('one\\n\\x00two')",
    "in C code": "int('x')",
    "missing module": "import nowhere",
    "missing name": "from os import nowhere",
    "syntax": "import broken.syntax",
    "with a cause": "raise ValueError from KeyError('k')",
    "group": "raise ExceptionGroup('g', [ValueError()])",
    "attribute": "raise AttributeError('handler')",
    "after a log": "import logging; logging.getLogger().error('before'); 1 / 0",
    "without Lambda's log": "import logging; logging.getLogger().handlers.clear(); 1 / 0",
    "below the level": "import logging; logging.getLogger().setLevel('CRITICAL'); 1 / 0",
}
EXITS = {
    "sys.exit()": ("import sys; sys.exit()", 0),
    "sys.exit(3)": ("import sys; sys.exit(3)", 3),
    "sys.exit(text)": ("import sys; sys.exit('text')", 1),
    "exit()": ("exit()", 0),
    "os._exit(7)": ("print('before'); os._exit(7)", 7),
    "BaseException": ("raise BaseException('base')", 1),
    "KeyboardInterrupt": ("raise KeyboardInterrupt", -2),
    "SIGKILL": ("os.kill(os.getpid(), 9)", -9),
    "SIGTERM": ("os.kill(os.getpid(), 15)", -15),
}
LOGS: list[dict[str, Any]] = [
    {"AWS_LAMBDA_LOG_FORMAT": "JSON"},
    {"AWS_LAMBDA_LOG_FORMAT": "Text", "telemetry": True},
]


@pytest.mark.parametrize("handler", BAD_HANDLERS)
def test_a_bad_handler_string_is_the_same_init_error(handler: str, task: Path) -> None:
    original, loop = run_pair(task, handler, act=Lambda.wait_until_exit)
    assert BAD_HANDLERS[handler] in original.requests[0].body
    assert original.exit_status == 1
    assert loop == original


@pytest.mark.parametrize("handler", GOOD_HANDLERS)
def test_a_handler_string_may_name_any_module(handler: str, tmp_path: Path) -> None:
    task = make_task(tmp_path / "task")
    (task / "shop/cart").mkdir(parents=True)
    for name in ("__init__", "checkout"):
        shutil.copy(task / "inits.py", task / f"shop/cart/{name}.py")
    original, loop = run_pair(task, handler, [Event({})], CODE="")
    assert len(original.requests) == 2
    assert loop == original


@pytest.mark.parametrize("log", LOGS, ids=str)
@pytest.mark.parametrize("case", FAILURES)
def test_an_error_of_the_init_phase_is_the_same(case: str, log: dict[str, Any], task: Path) -> None:
    options = {"CODE": FAILURES[case], **log}
    original, loop = run_pair(task, "inits.handler", act=Lambda.wait_until_exit, **options)
    assert [each.path for each in original.requests] == ["/2018-06-01/runtime/init/error"]
    assert original.exit_status == 1
    assert loop == original


@pytest.mark.parametrize("case", EXITS)
def test_the_process_may_end_in_the_init_phase(case: str, task: Path) -> None:
    code, exit_status = EXITS[case]
    original, loop = run_pair(task, "inits.handler", CODE=code, act=Lambda.wait_until_exit)
    assert original.exit_status == exit_status
    assert loop == original


@pytest.fixture
def image(tmp_path: Path) -> Path:
    """Return a likeness of Lambda's image that a test may change."""
    return Path(shutil.copytree(image_folder(), tmp_path / "image", symlinks=True))


LAYERS = ("python", "python/lib/python3.13/site-packages")
PTH_FOLDERS = [
    "task",
    *(f"image/opt/{layer}" for layer in LAYERS),
    f"image/var/lang/{LAYERS[1][7:]}",
]
PTH_CODE = "import os; os.environ.setdefault('SEEN_IN_PTH', repr(os.environ.get('PYTHONPATH')))"


@pytest.mark.parametrize("layers", [(), LAYERS[:1], LAYERS[1:], LAYERS], ids=str)
def test_modules_of_layers_are_found_in_the_same_order(
    layers: tuple[str, ...], image: Path, task: Path
) -> None:
    for layer in layers:
        folder = image / "opt" / layer
        folder.mkdir(parents=True)
        (folder / "layered.py").write_text(f"print({layer!r})\n")
        (folder / "six.py").write_text("print('not the one of Lambda')\n")
    code = "import sys, six; print(sys.path); import layered"
    original, loop = run_pair(task, "inits.in_handler", [Event(code)], image=image, CODE="")
    assert ("ModuleNotFoundError" in original.requests[1].body) == (not layers)
    assert loop == original


@pytest.mark.parametrize("folder", PTH_FOLDERS)
def test_pth_files_are_read(folder: str, image: Path, tmp_path: Path) -> None:
    task = make_task(tmp_path / "task")
    (tmp_path / folder).mkdir(parents=True, exist_ok=True)
    (tmp_path / "extra").mkdir()
    (tmp_path / folder / "extra.pth").write_text(f"{tmp_path}/extra\n{PTH_CODE}\n")
    code = "import os, sys; print(os.environ['SEEN_IN_PTH'], sys.path)"
    original, loop = run_pair(task, "inits.in_handler", [Event(code)], image=image, CODE="")
    assert f"{tmp_path}/extra" in original.log
    assert loop == original
