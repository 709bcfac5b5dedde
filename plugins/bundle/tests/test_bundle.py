"""What the bundler puts into an artifact, and what it refuses."""

import json
import subprocess
import sys
import zipfile
from importlib.metadata import version
from pathlib import Path

import pytest
from lambda_bundle.bundle import make_bundles
from lambda_bundle.bytecode import RUNTIME
from lambda_bundle.minify import minify
from lambda_bundle.problems import BundleError
from requests_for import distribution, request_for

MODELS = "from pydantic import BaseModel\nclass M(BaseModel):\n    a: int\n"
PYDANTIC = {
    **distribution(
        "pydantic",
        requires=["typing-extensions", "pydantic-core"],
        version=version("pydantic"),
    ),
    **distribution(
        "pydantic-core", requires=["typing-extensions"], version=version("pydantic-core")
    ),
    **distribution("typing-extensions"),
}


@pytest.mark.parametrize(
    ("files", "problem"),
    [
        ({"handler.py": "import shop.payload, pydantic"}, "own code needs pydantic"),
        (
            {
                "handler.py": "import shop.payload, other",
                **distribution("other", requires=["pydantic>=2; python_version > '3'"]),
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
def test_using_what_is_not_shipped_with_compiled_models_is_an_error(
    files: dict[str, str], problem: str, tmp_path: Path
) -> None:
    models = {"shop/payload.py": MODELS + "Alias = M | None\n"}
    request = request_for(tmp_path, {**models, **PYDANTIC, **files})
    with pytest.raises(BundleError, match=problem):
        make_bundles(request)


def packages_in_artifact(tmp_path: Path) -> set[str]:
    """Return the top-level packages and modules in the artifact of the function `f`."""
    with zipfile.ZipFile(tmp_path / "output/f.zip") as archive:
        return {name.split("/")[0] for name in archive.namelist() if name.endswith(".py")}


def test_a_library_that_both_the_service_and_pydantic_import_is_shipped(tmp_path: Path) -> None:
    files = {"handler.py": "from typing_extensions import TypedDict", **PYDANTIC}
    make_bundles(request_for(tmp_path, files))
    assert packages_in_artifact(tmp_path) == {"handler.py", "typing_extensions"}


def test_a_function_without_models_ships_only_the_extension_module_of_the_core(
    tmp_path: Path,
) -> None:
    files = {"handler.py": "from pydantic_core import ValidationError", **PYDANTIC}
    make_bundles(request_for(tmp_path, files))
    assert packages_in_artifact(tmp_path) == {"handler.py", "pydantic_core"}
    with zipfile.ZipFile(tmp_path / "output/f.zip") as archive:
        initializer = archive.read("pydantic_core/__init__.py")
    assert initializer == (RUNTIME / "pydantic_core.py").read_bytes()


def test_distributions_are_shipped_with_their_requirements_except_the_sdk(tmp_path: Path) -> None:
    files = {
        "handler.py": "import a",
        **distribution("a", requires=["b[x]"]),
        **distribution("b", requires=["c; extra == 'x'", "boto3"]),
        **distribution("c"),
        **distribution("boto3"),
        **distribution("unreached"),
    }
    make_bundles(request_for(tmp_path, files))
    assert packages_in_artifact(tmp_path) == {"handler.py", "a", "b", "c"}


def test_a_bundle_error_is_printed_without_a_traceback(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "lambda_bundle"],
        input=json.dumps(request_for(tmp_path, {"handler.py": "import nowhere"})),
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 1
    assert run.stderr.startswith("The function f cannot be bundled: There is no module nowhere")


def test_a_function_for_another_version_of_python_is_an_error(tmp_path: Path) -> None:
    request = request_for(tmp_path, {"handler.py": ""}, runtime="python3.10")
    with pytest.raises(
        BundleError, match=r"function f cannot be bundled: its runtime is python3\.10.*Set `runtime"
    ):
        make_bundles(request)


def test_files_of_node_modules_ship_only_where_included_and_as_they_are(tmp_path: Path) -> None:
    script, own = "export const long = 1; // as published\n", "export const long = 1; // ours\n"
    library = {"node_modules/library/a.js": script, "node_modules/library/LICENSE": "MIT"}
    files = {"handler.py": "import web", "web/__init__.py": "", "web/a.js": own, **library}
    for include in ([], ["node_modules/library/*"]):
        [made] = make_bundles(request_for(tmp_path, files, include=include))
        with zipfile.ZipFile(made["artifact"]) as archive:
            texts = [name for name in archive.namelist() if name in {"web/a.js", *library}]
            shipped = {name: archive.read(name).decode() for name in texts}
        minified = {"web/a.js": "const o=1;export{o as long};\n"}
        assert shipped == minified | (library if include else {})


def test_scripts_and_styles_are_minified_and_a_syntax_error_is_an_error() -> None:
    script, style = b"export const long = 1; // one", b"a { color: black } /* one */"
    assert minify({"a.js": script, "b/a.css": style}) == {
        "a.js": b"const o=1;export{o as long};\n",
        "b/a.css": b"a{color:#000}\n",
    }
    assert minify({}) == {}
    with pytest.raises(BundleError, match=r"(?s) b/a\.js:1.*cannot be minified"):
        minify({"a.js": script, "b/a.js": b"export const = 1"})
