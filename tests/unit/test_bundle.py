"""How a bundle is made: what it reaches, what it is made of, and what stops it."""

import ast
import io
import json
import os
import struct
import subprocess
import sys
import zipfile
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from dev.cloud import ROOT
from dev.lambda_runtime import Lambda
from plugins.bundle.archive import make_zip
from plugins.bundle.bundle import make_bundles
from plugins.bundle.closure import find_closure
from plugins.bundle.libraries import check_libraries
from plugins.bundle.minify import minify
from plugins.bundle.package import Package
from plugins.bundle.problems import BundleError
from tests.support.bundle import request_for

X86_64 = b"\x7fELF" + bytes(14) + struct.pack("<H", 62)


ARM64 = b"\x7fELF" + bytes(14) + struct.pack("<H", 183)


def package(files: dict[str, str]) -> Package:
    """Return a package of these files."""
    return Package({path: text.encode() for path, text in files.items()})


def closure(files: Package, module: str = "handler", include: list[str] | None = None) -> set[str]:
    """Return the paths that a module reaches."""
    return find_closure(files, module, include or ()).files


def test_imports_are_followed_in_functions_packages_and_relatively() -> None:
    files = package(
        {
            "handler.py": "def f():\n    import a.b\n",
            "a/__init__.py": "from . import c\n",
            "a/b.py": "from .d import x\nfrom . import nothing_of_this_name\n",
            "a/c.py": "import json\n",
            "a/d.py": "from a import e\n",
            "a/e/f.py": "",
            "unreached.py": "",
        }
    )
    assert closure(files) == {"handler.py", "a/__init__.py", "a/b.py", "a/c.py", "a/d.py"}


def test_imports_for_type_checkers_are_not_followed() -> None:
    source = (
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import a\nelse:\n    import b\n"
    )
    assert closure(package({"handler.py": source, "a.py": "", "b.py": ""})) == {
        "handler.py",
        "b.py",
    }


def test_a_missing_module_is_told_with_the_chain_that_wanted_it() -> None:
    files = {"handler.py": "import a", "a.py": "import b", "b.py": "import nowhere.at_all"}
    with pytest.raises(
        BundleError, match=r"nowhere\.at_all, imported by the handler → handler → a → b"
    ):
        closure(package(files))
    with pytest.raises(BundleError, match=r"no module a\.b"):
        closure(package({"handler.py": "import a.b", "a/__init__.py": ""}))


def test_a_missing_module_that_is_tried_is_no_error() -> None:
    source = "try:\n    import nowhere\nexcept ImportError:\n    nowhere = None\n"
    assert closure(package({"handler.py": source})) == {"handler.py"}


def test_an_sdk_that_lambda_brings_is_not_shipped() -> None:
    files = package({"handler.py": "import boto3, botocore.session"})
    assert closure(files) == {"handler.py"}


def test_dynamic_imports_and_files_are_declared() -> None:
    files = package(
        {"handler.py": "", "late.py": "import later", "later.py": "", "web/page.html": "<p>"}
    )
    included = closure(files, include=["late", "web/*.html"])
    assert included == {"handler.py", "late.py", "later.py", "web/page.html"}
    with pytest.raises(BundleError, match="no module lost, imported by bundle: include:"):
        closure(files, include=["lost"])


def test_files_that_are_no_python_come_with_the_package_that_they_lie_in() -> None:
    files = package(
        {
            "handler.py": "import web.page",
            "web/__init__.py": "",
            "web/page.py": "",
            "web/page.html": "<p>",
            "web/assets/js/button.js": "0",
            "web/other/__init__.py": "",
            "web/other/other.html": "<p>",
            "website/other.html": "<p>",
            "other.html": "<p>",
        }
    )
    assert closure(files) == {
        "handler.py",
        "web/__init__.py",
        "web/assets/js/button.js",
        "web/page.html",
        "web/page.py",
    }


def test_javascript_is_minified_and_what_is_none_is_told() -> None:
    assert minify("a.js", b"export const long = 1; // one") == b"const o=1;export{o as long};\n"
    with pytest.raises(BundleError, match=r"(?s)a\.js cannot be minified: .*a\.js:1"):
        minify("a.js", b"export const = 1")


def test_included_modules_are_followed_and_star_imports_bring_submodules() -> None:
    files = package(
        {
            "handler.py": "from a import *",
            "a.py": "the package goes before it",
            "a/__init__.py": "",
            "a/b.py": "",
            "plug/in.py": "import helper",
            "helper.py": "",
        }
    )
    assert closure(files, include=["plug/*.py"]) == {
        "handler.py",
        "a/__init__.py",
        "a/b.py",
        "plug/in.py",
        "helper.py",
    }


@pytest.mark.parametrize(
    "source",
    [
        "import sys\nif sys.version_info < (3, 11):\n    import nowhere\n",
        "from contextlib import suppress\nwith suppress(ImportError):\n    import nowhere\n",
        "if __name__ == '__main__':\n    import nowhere\n",
    ],
)
def test_a_missing_module_under_a_condition_is_no_error(source: str) -> None:
    assert closure(package({"handler.py": source})) == {"handler.py"}


@pytest.mark.parametrize(
    ("path", "content", "told"),
    [
        ("a.so", X86_64, "a.so is built for x86_64, and the function runs on python3.13 and arm64"),
        ("a.so.1.2", X86_64, "is built for x86_64"),
        ("a.dylib", b"\xcf\xfa\xed\xfe" + bytes(20), "is not a Linux library"),
        ("a.pyd", b"MZ" + bytes(20), "is not a Linux library"),
        ("a.cpython-312-aarch64-linux-gnu.so", ARM64, "is built for cpython-312-aarch64-linux-gnu"),
        ("a.cpython-313t-aarch64-linux-gnu.so", ARM64, "is built for cpython-313t"),
        ("a.pypy310-pp73-aarch64-linux-gnu.so", ARM64, "is built for pypy310"),
        ("bin/tool", X86_64, "is built for x86_64"),
        ("a.so", ARM64 + b"libc.musl-aarch64.so.1", "is linked to musl"),
    ],
)
def test_a_library_for_another_target_is_refused(path: str, content: bytes, told: str) -> None:
    with pytest.raises(BundleError) as refused:
        check_libraries({path: content}, "python3.13", "arm64")
    assert told in str(refused.value)


def test_a_library_for_the_target_is_taken() -> None:
    fitting = {"a.cpython-313-aarch64-linux-gnu.so": ARM64, "b.abi3.so": ARM64}
    check_libraries(fitting, "python3.13", "arm64")


def test_an_artifact_over_lambda_s_limit_is_refused() -> None:
    with pytest.raises(BundleError, match=r"limit is 262144000.*largest files: big"):
        check_libraries({"big": bytes(250 * 1024 * 1024), "small": b"x"}, "python3.13", "arm64")


def test_a_zip_has_one_order_one_time_and_one_mode() -> None:
    made = make_zip({"b": b"2", "a": b"1", "c": b"3"}, executable={"c"})
    assert made == make_zip({"c": b"3", "a": b"1", "b": b"2"}, executable={"c"})
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        entries = [
            (each.filename, each.date_time, oct(each.external_attr >> 16))
            for each in archive.infolist()
        ]
    epoch = (1980, 1, 1, 0, 0, 0)
    assert entries == [
        ("a", epoch, "0o100644"),
        ("b", epoch, "0o100644"),
        ("c", epoch, "0o100755"),
    ]


def test_patterns_are_read_as_serverless_reads_them(tmp_path: Path) -> None:
    for path in ("a.py", "b/c.py", "b/d/e.py", "b/d/f.txt", "g/h.py"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).touch()

    def matched(*patterns: str) -> set[str]:
        return set(Package({}).with_sources(tmp_path, list(patterns)).files)

    assert matched("!**", "a.py", "b/**/*.py") == {"a.py", "b/c.py", "b/d/e.py"}
    assert matched("**", "!b/d/**", "b/d/f.txt") == {"a.py", "b/c.py", "b/d/f.txt", "g/h.py"}
    assert matched("b/**") == {"b/c.py", "b/d/e.py", "b/d/f.txt"}
    assert matched("**/*.py", "!b/**/*.py") == {"a.py", "g/h.py"}


def test_a_syntax_error_is_told_by_file_and_line(tmp_path: Path) -> None:
    request = request_for(tmp_path, {"handler.py": "import a", "a.py": "x = 1\nx = = 2\n"})
    with pytest.raises(BundleError, match=r"a\.py, line 2: invalid syntax"):
        make_bundles(request)


def test_a_template_that_is_no_module_is_shipped_as_it_is(tmp_path: Path) -> None:
    request = request_for(tmp_path, {"handler.py": "", "t/{{name}}.py": "{{x"}, include=["t/*"])
    request["functions"][0]["include"] = []
    assert make_bundles(request)[0]["modules"] == 1


def distribution(name: str, *requires: str, version: str = "1") -> dict[str, str]:
    """Return the files of a distribution with one empty module."""
    info = f"{name.replace('-', '_')}-{version}.dist-info"
    path = f"{name.replace('-', '_')}/__init__.py"
    lines = [f"Name: {name}", f"Version: {version}"]
    lines += [f"Requires-Dist: {each}" for each in requires]
    return {
        path: "",
        f"{info}/METADATA": "\n".join(lines) + "\n",
        f"{info}/RECORD": f"{path},,\n{info}/METADATA,,\n{info}/RECORD,,\n",
    }


MODELS = "from pydantic import BaseModel\nclass M(BaseModel):\n    a: int\n"


PYDANTIC = {
    **distribution("pydantic", "typing-extensions", "pydantic-core", version=version("pydantic")),
    **distribution("pydantic-core", "typing-extensions", version=version("pydantic-core")),
    **distribution("typing-extensions"),
}


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"handler.py": "import shop.payload, pydantic"}, "own code needs pydantic"),
        (
            {
                "handler.py": "import shop.payload, other",
                **distribution("other", "pydantic>=2; python_version > '3'"),
            },
            "other needs pydantic",
        ),
        (
            {"handler.py": "import shop.payload\nfrom pydantic_core import core_schema"},
            "handler.py imports core_schema from pydantic_core",
        ),
        (
            {"handler.py": "from shop.payload import Alias"},
            "handler.py imports Alias from shop.payload",
        ),
        (
            {"handler.py": "from shop.payload import M\nM.model_construct(a=1)"},
            "handler.py, line 2, uses model_construct",
        ),
    ],
)
def test_what_compiled_models_do_without_is_refused_where_it_is_used(
    files: dict[str, str], told: str, tmp_path: Path
) -> None:
    models = {"shop/payload.py": MODELS + "Alias = M | None\n"}
    request = request_for(tmp_path, {**models, **PYDANTIC, **files})
    with pytest.raises(BundleError, match=told):
        make_bundles(request)


def test_what_own_code_imports_is_shipped_though_pydantic_wants_it_too(tmp_path: Path) -> None:
    files = {"handler.py": "from typing_extensions import TypedDict", **PYDANTIC}
    make_bundles(request_for(tmp_path, files))
    with zipfile.ZipFile(tmp_path / "output/f.zip") as archive:
        tops = {name.split("/")[0] for name in archive.namelist() if name.endswith(".py")}
    assert tops == {"handler.py", "typing_extensions"}


def test_a_function_without_models_has_the_core_alone_as_well(tmp_path: Path) -> None:
    files = {"handler.py": "from pydantic_core import ValidationError", **PYDANTIC}
    make_bundles(request_for(tmp_path, files))
    with zipfile.ZipFile(tmp_path / "output/f.zip") as archive:
        tops = {name.split("/")[0] for name in archive.namelist() if name.endswith(".py")}
        assert b"extension module and nothing else" in archive.read("pydantic_core/__init__.py")
    assert tops == {"handler.py", "pydantic_core"}


def test_distributions_bring_what_they_require_and_no_sdk(tmp_path: Path) -> None:
    files = {
        "handler.py": "import a",
        **distribution("a", "b[x]"),
        **distribution("b", "c; extra == 'x'", "boto3"),
        **distribution("c"),
        **distribution("boto3"),
        **distribution("unreached"),
    }
    make_bundles(request_for(tmp_path, files))
    with zipfile.ZipFile(tmp_path / "output/f.zip") as archive:
        tops = {name.split("/")[0] for name in archive.namelist() if name.endswith(".py")}
    assert tops == {"handler.py", "a", "b", "c"}


def test_an_entry_module_s_own_names_are_its_own(tmp_path: Path) -> None:
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


def run_fresh(folder: Path, expression: str) -> Any:
    """Return what an expression of the module `handler` gives in a fresh interpreter."""
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


@pytest.mark.parametrize("expression", ["handler.line()", "handler.scopes()"])
def test_type_checking_does_not_import_typing_in_a_bundle(expression: str, tmp_path: Path) -> None:
    files = {"handler.py": TYPED, "other.py": OTHER}
    source, task = bundle_and_unzip(tmp_path, files)
    unbundled, imported = run_fresh(source, expression)
    assert imported
    assert run_fresh(task, expression) == [unbundled, False]
    assert (task / "handler.py").read_bytes() == (source / "handler.py").read_bytes()


def test_names_imported_beside_type_checking_are_still_imported(tmp_path: Path) -> None:
    source = "from typing import (\n    Any,\n    TYPE_CHECKING as CHECKING,\n    cast,\n)\n"
    folders = bundle_and_unzip(tmp_path, {"handler.py": source})
    expression = "[str(handler.Any), handler.CHECKING, handler.cast(int, 1)]"
    for folder in folders:
        assert run_fresh(folder, expression) == [["typing.Any", False, 1], True]


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
            [sys.executable, "-m", "plugins.bundle"],
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


def test_a_bundle_error_is_printed_without_a_traceback(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "plugins.bundle"],
        cwd=ROOT,
        input=json.dumps(request_for(tmp_path, {"handler.py": "import nowhere"})),
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 1
    assert run.stderr.startswith("The function f cannot be bundled: There is no module nowhere")


def test_a_build_for_another_python_is_refused(tmp_path: Path) -> None:
    request = request_for(tmp_path, {"handler.py": ""}, runtime="python3.10")
    with pytest.raises(
        BundleError, match=r"function f cannot be bundled: its runtime is python3\.10"
    ):
        make_bundles(request)
