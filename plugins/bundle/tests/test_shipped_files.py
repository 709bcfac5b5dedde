"""Nothing that a function may need vanishes: data, libraries, modules that it finds itself."""

import stat
import zipfile
from pathlib import Path
from typing import Any

import pytest
from lambda_bundle.bundle import make_bundles
from requests_for import distribution, installed, read_artifact, request_for

PYDANTIC = installed(
    "pydantic", "pydantic-core", "typing-extensions", "annotated-types", "typing-inspection"
)


def ship(tmp_path: Path, files: dict[str, Any], **function: Any) -> tuple[set[str], dict[str, Any]]:
    """Return the paths that are shipped without bytecode, and the result of the bundler."""
    (made,) = make_bundles(request_for(tmp_path, files, **function))
    return {path for path in read_artifact(made) if not path.endswith(".pyc")}, made


def test_own_data_files_are_shipped_wherever_they_are(tmp_path: Path) -> None:
    files = {
        "handler.py": "",
        "settings.json": "{}",
        "templates/mail.html": "",
        ".env": "",
        "unreached/__init__.py": "",
        "unreached/words.txt": "",
    }
    shipped, made = ship(tmp_path, files)
    assert shipped == files.keys() - {"unreached/__init__.py"}
    assert made["kept"] == []


@pytest.mark.parametrize(
    "code",
    [
        "import importlib, os\nimportlib.import_module(os.environ['MODULE'])",
        "exec(open('late.py').read())",
        (
            "from importlib.util import spec_from_file_location as spec\n"
            "import importlib.util\nimportlib.util.spec_from_file_location('late', 'late.py')"
        ),
        "import sys\nfor folder in ('a', 'b'):\n    sys.path.append(folder)",
        "import nowhere",
        "import late.",
    ],
)
def test_everything_is_shipped_if_imports_are_not_clear(code: str, tmp_path: Path) -> None:
    files = {
        "handler.py": "import found",
        "found.py": code,
        "late.py": "",
        **distribution("library"),
        "other.py": "import library, pydantic",
        **PYDANTIC,
    }
    shipped, made = ship(tmp_path, files)
    assert shipped == files.keys()
    assert {each["what"] for each in made["kept"]} >= {"models and size"}
    assert all(each["why"] and each["advice"] for each in made["kept"] if "size" in each["what"])
    assert "handler.py" in made["kept"][0]["why"] or "found.py" in made["kept"][0]["why"] or (
        "handler → found" in made["kept"][0]["why"]
    )  # fmt: skip


@pytest.mark.parametrize(
    "code",
    [
        "import importlib\nimportlib.import_module(f'plugins.{NAME}')",
        "import importlib\nimportlib.import_module('.' + NAME, package='plugins')",
        "import importlib\nfor name in 'ab':\n    importlib.import_module('plugins.%s' % name)",
        "__import__('plugins.a'), __import__('plugins.b')",
        "import importlib\nimportlib.import_module('plugins.{}'.format(NAME))",
        "APPS = ['plugins.a', 'plugins.b:start']",
        "import plugins.a, plugins.b",
    ],
)
def test_modules_that_are_imported_by_a_name_are_shipped(code: str, tmp_path: Path) -> None:
    files = {
        "handler.py": code,
        "plugins/__init__.py": "",
        "plugins/a.py": "",
        "plugins/b.py": "def start(): ...",
        "other.py": "",
    }
    shipped, made = ship(tmp_path, files)
    assert shipped == files.keys() - {"other.py"}
    assert made["kept"] == []


@pytest.mark.parametrize("loader", ["pickle", "logging.config", "django.conf"])
def test_own_modules_are_shipped_if_data_or_settings_may_name_them(
    loader: str, tmp_path: Path
) -> None:
    files = {
        "handler.py": f"import {loader}",
        "late.py": "",
        "tests/test_late.py": "import pytest",
        **distribution("django"),
        "django/conf.py": "",
    }
    shipped, made = ship(tmp_path, files)
    assert {"late.py", "tests/test_late.py"} < shipped
    assert [each["what"] for each in made["kept"]] == ["size"]


@pytest.mark.parametrize(
    "code",
    [
        "import os, sys\nsys.path.append(os.path.dirname(__file__))\nimport helper",
        "import sys\nsys.path.insert(0, '/var/task/src')\nfrom helper import x",
        (
            "import sys, pathlib\nHERE = pathlib.Path(__file__).resolve().parent\n"
            "sys.path.insert(0, str(HERE))\nimport helper"
        ),
        "import os, sys\nsys.path.extend([os.path.join(os.getcwd(), 'src')])\nimport helper",
        (
            "import os, sys\nroot = os.environ['LAMBDA_TASK_ROOT']\n"
            "sys.path = [f'{root}/src'] + sys.path\nimport helper"
        ),
        "import site\nsite.addsitedir('src')\nimport helper",
    ],
)
def test_modules_are_found_in_folders_that_code_adds_to_the_path(code: str, tmp_path: Path) -> None:
    files = {
        "src/app.py": f"{code}\ndef f(event, context): ...",
        "src/helper.py": "from inner import y\nx = 1",
        "src/inner/__init__.py": "y = 1",
        "helper_of_another.py": "",
    }
    shipped, made = ship(tmp_path, files, handler="src/app.f")
    assert shipped == files.keys() - {"helper_of_another.py"}
    assert made["kept"] == []


def test_modules_are_found_in_the_folders_of_pythonpath(tmp_path: Path) -> None:
    files = {"handler.py": "import helper", "src/helper.py": "", "other.py": ""}
    shipped, made = ship(tmp_path, files, python_path=["/var/task/src", "/opt/lib"])
    assert shipped == {"handler.py", "src/helper.py"}
    assert made["kept"] == []


def test_a_packaged_sdk_is_shipped_and_lambda_s_own_is_used_otherwise(tmp_path: Path) -> None:
    sdk = {**distribution("boto3", requires=["botocore"]), **distribution("botocore")}
    shipped, made = ship(tmp_path, {"handler.py": "import boto3", **sdk})
    assert {"boto3/__init__.py", "botocore/__init__.py"} < shipped
    shipped, made = ship(tmp_path, {"handler.py": "import boto3"})
    assert (shipped, made["kept"]) == ({"handler.py"}, [])


def test_a_module_of_a_layer_is_no_mistake_and_may_use_pydantic(tmp_path: Path) -> None:
    files = {"handler.py": "import in_layer, shop", "shop.py": "import pydantic", **PYDANTIC}
    shipped, made = ship(tmp_path, files, external=["in_*"])
    (note,) = made["kept"]
    assert "in_layer, which a layer has, may use pydantic" in note["why"]
    assert "pydantic/main.py" in shipped
    (made,) = make_bundles(request_for(tmp_path, {}, handler="lost.f", external=["*"]))
    assert read_artifact(made) == {}


def test_a_library_that_no_import_shows_is_shipped(tmp_path: Path) -> None:
    files = {
        "handler.py": "import orm",
        **distribution("orm", code="def connect(): __import__('driver')"),
        **distribution("driver"),
        "other.py": "import driver, elsewhere",
        **distribution("tzdata"),
        **distribution("elsewhere"),
    }
    shipped, made = ship(tmp_path, files)
    assert {"driver/__init__.py", "tzdata/__init__.py"} < shipped
    assert [each["name"] for each in made["left_out"]] == ["elsewhere"]


def test_requirements_of_extras_count_only_if_asked_for(tmp_path: Path) -> None:
    files = {
        "handler.py": "import a",
        **distribution("a", requires=["b[y]", "c; extra == 'x'", "d; sys_platform == 'win32'"]),
        **distribution("b", requires=["e; extra == 'y'"]),
        **{path: text for name in "cde" for path, text in distribution(name).items()},
        "other.py": "import b, c, d, e",
    }
    _, made = ship(tmp_path, files)
    assert [each["name"] for each in made["libraries"]] == ["a", "b", "e"]


def test_libraries_without_record_are_known_by_their_top_level_or_all_is_shipped(
    tmp_path: Path,
) -> None:
    info = "big_library-1.dist-info"
    files = {
        "handler.py": "import big",
        "big/__init__.py": "",
        "big/dynamic.py": "exec(code)",
        f"{info}/METADATA": "Name: big-library\nVersion: 1\n",
        f"{info}/top_level.txt": "big\n_big\n",
        "_big.so": "",
        "unreached.py": "",
    }
    shipped, made = ship(tmp_path, files)
    assert shipped == files.keys() - {"unreached.py"}
    assert made["libraries"] == [{"name": "big-library", "version": "1"}]
    del files[f"{info}/top_level.txt"]
    shipped, made = ship(tmp_path, files)
    assert shipped == files.keys()
    assert "The metadata of big-library in the package does not say" in made["kept"][0]["why"]


def test_all_is_shipped_if_the_metadata_of_all_libraries_is_gone(tmp_path: Path) -> None:
    slim = {path: text for path, text in PYDANTIC.items() if ".dist-info" not in path}
    files = {"handler.py": "import shop", "shop.py": "import pydantic", **slim}
    shipped, made = ship(tmp_path, files)
    assert shipped == files.keys()
    assert "The metadata in the package does not say" in made["kept"][0]["why"]


def test_all_is_shipped_if_the_metadata_of_pydantic_alone_is_gone(tmp_path: Path) -> None:
    slim = {path: text for path, text in PYDANTIC.items() if not path.startswith("pydantic-")}
    files = {"handler.py": "import pydantic", **slim}
    shipped, made = ship(tmp_path, files)
    assert shipped == files.keys()
    assert "The metadata of pydantic in the package does not say" in made["kept"][0]["why"]
    assert not any("only its run can tell" in each["why"] for each in made["kept"])


def test_modules_without_source_are_shipped(tmp_path: Path) -> None:
    files = {"handler.py": "import fast, old", "fast.cpython-313-x86_64-linux-gnu.so": ""}
    files |= {"old.pyc": "", "__pycache__/handler.cpython-313.pyc": "", "handler.pyc": ""}
    (made,) = make_bundles(request_for(tmp_path, files))
    shipped = read_artifact(made)
    assert "fast.cpython-313-x86_64-linux-gnu.so" in shipped
    assert "old.pyc" in shipped
    assert "handler.pyc" not in shipped
    assert shipped["__pycache__/handler.cpython-313.pyc"]
    assert "has no source, so its imports are not known" in made["kept"][0]["why"]


def test_links_and_executable_files_stay_so(tmp_path: Path) -> None:
    request = request_for(tmp_path, {"handler.py": ""})
    with zipfile.ZipFile(request["package"], "a") as archive:
        for path, mode, content in (("run", 0o100755, "#!"), ("link", 0o120777, "run")):
            entry = zipfile.ZipInfo(path)
            entry.external_attr = mode << 16
            archive.writestr(entry, content)
    (made,) = make_bundles(request)
    with zipfile.ZipFile(made["artifact"]) as archive:
        modes = {path: archive.getinfo(path).external_attr >> 16 for path in ("run", "link")}
        assert archive.read("link") == b"run"
    assert modes["run"] & stat.S_IXUSR
    assert stat.S_ISLNK(modes["link"])


def test_what_may_fail_on_lambda_is_a_warning(tmp_path: Path) -> None:
    shipped, made = ship(tmp_path, {"handler.py": "", "library.dylib": "x"})
    assert "library.dylib" in shipped
    (note,) = made["warnings"]
    assert "library.dylib is not a Linux library" in note["why"]


def test_a_handler_that_does_not_exist_is_always_an_error(tmp_path: Path) -> None:
    for handler, problem in (
        ("handlr.f", r"no module handlr, which the handler handlr\.f names\. Similar: handler\."),
        ("handler.g", r"handler\.py has no handler g\. Its functions: f \(line \d\)"),
        ("app.f", r"Similar: src\.app\."),
    ):
        files = {"handler.py": "", "src/app.py": ""}
        with pytest.raises(Exception, match=problem):
            make_bundles(request_for(tmp_path, files, handler=handler))


def test_a_handler_that_code_defines_by_its_name_is_no_mistake(tmp_path: Path) -> None:
    files = {"handler.py": "globals()['g'] = print"}
    assert ship(tmp_path, files, handler="handler.g")[0] == {"handler.py"}
