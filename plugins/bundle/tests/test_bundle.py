"""What the bundler puts into an artifact, and what it refuses."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from lambda_bundle.bundle import make_bundles
from lambda_bundle.bytecode import RUNTIME
from lambda_bundle.problems import BundleError
from requests_for import distribution, installed, read_artifact, request_for

MODELS = "from pydantic import BaseModel\nclass M(BaseModel):\n    a: int\n"
PYDANTIC = installed(
    "pydantic", "pydantic-core", "typing-extensions", "annotated-types", "typing-inspection"
)


@pytest.mark.parametrize(
    ("files", "problem"),
    [
        (
            {
                "handler.py": "import shop, other",
                **distribution("other", code="try:\n    import pydantic\nexcept ImportError: ..."),
            },
            "other uses pydantic. Imported by: handler → other.",
        ),
        (
            {
                "handler.py": "import shop, other",
                **distribution("other", code="from importlib.util import find_spec as find\n"
                "HAS = find('pydantic') is not None"),
            },
            "other uses pydantic. Imported by: handler → other.",
        ),
        ({"handler.py": "import shop\nshop.M.model_json_schema()"}, "model_json_schema"),
    ],
)  # fmt: skip
def test_models_are_kept_if_something_else_needs_pydantic(
    files: dict[str, str | bytes], problem: str, tmp_path: Path
) -> None:
    package = {"shop.py": MODELS, **PYDANTIC, **files}
    (made,) = make_bundles(request_for(tmp_path, package))
    (note,) = made["kept"]
    assert note["what"] == "models"
    assert problem in note["why"]
    assert made["compiled"] == []
    shipped = read_artifact(made)
    assert shipped["shop.py"] == MODELS.encode()
    assert "pydantic/main.py" in shipped
    with pytest.raises(BundleError, match=problem):
        make_bundles(request_for(tmp_path, package, strict=True))


def test_a_library_with_an_unimported_module_that_uses_pydantic_does_not_keep_models(
    tmp_path: Path,
) -> None:
    files: dict[str, str | bytes] = {
        "handler.py": "import shop, other",
        "shop.py": MODELS,
        **distribution("other", "other/parser.py", requires=["pydantic; extra == 'parser'"]),
        "other/parser.py": "import pydantic",
        **PYDANTIC,
    }
    (made,) = make_bundles(request_for(tmp_path, files))
    assert (made["compiled"], made["kept"]) == (["shop.py"], [])
    assert "pydantic/main.py" not in read_artifact(made)
    assert "other/parser.py" in read_artifact(made)


def powertools(dump: str) -> dict[str, str | bytes]:
    """Return the files of a library that dumps models as Powertools' Logger does."""
    folder = "aws_lambda_powertools"
    paths = ["shared/__init__.py", "shared/functions.py"]
    paths += [f"event_handler/{name}.py" for name in ("__init__", "openapi/__init__")]
    paths += ["event_handler/openapi/compat.py"]
    files: dict[str, str | bytes] = {f"{folder}/{path}": "" for path in paths}
    files[f"{folder}/shared/functions.py"] = (
        "def pydantic_to_dict(data) -> dict:\n"
        f"    from {folder}.event_handler.openapi.compat import _model_dump\n\n"
        "    return _model_dump(data)\n"
    )
    files[f"{folder}/event_handler/openapi/compat.py"] = (
        "from pydantic import BaseModel\n\n\n"
        'def _model_dump(model: BaseModel, mode: Literal["json", "python"] = "json", '
        f"**kwargs: Any) -> Any:\n    return {dump}\n"
    )
    code = f"from {folder}.shared.functions import pydantic_to_dict"
    return {**files, **distribution("aws-lambda-powertools", *files, code=code)}


def test_powertools_dumps_compiled_models_unless_it_does_so_in_another_way(tmp_path: Path) -> None:
    own = {"handler.py": "import shop, aws_lambda_powertools", "shop.py": MODELS}
    library = powertools("model.model_dump(mode=mode, **kwargs)")
    (made,) = make_bundles(request_for(tmp_path, {**own, **library, **PYDANTIC}))
    assert (made["compiled"], made["kept"]) == (["shop.py"], [])
    changed = read_artifact(made)["aws_lambda_powertools/shared/functions.py"]
    assert b'return data.model_dump(mode="json")' in changed
    assert changed.count(b"\n") == 4
    library = powertools("model.dump_in_another_way()")
    (made,) = make_bundles(request_for(tmp_path, {**own, **library, **PYDANTIC}))
    assert "compat uses pydantic" in made["kept"][0]["why"]


def packages_in_artifact(tmp_path: Path) -> set[str]:
    """Return the top-level packages and modules in the artifact of the function `f`."""
    with zipfile.ZipFile(tmp_path / "output/f.zip") as archive:
        return {name.split("/")[0] for name in archive.namelist() if name.endswith(".py")}


def test_a_library_that_both_the_service_and_pydantic_import_is_shipped(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "handler.py": "import typing_extensions",
        "other.py": "import pydantic",
        **PYDANTIC,
    }
    make_bundles(request_for(tmp_path, files))
    assert packages_in_artifact(tmp_path) == {"handler.py", "typing_extensions.py"}


def test_a_function_without_models_ships_only_the_extension_module_of_the_core(
    tmp_path: Path,
) -> None:
    files: dict[str, str | bytes] = {
        "handler.py": "from pydantic_core import ValidationError",
        **PYDANTIC,
    }
    make_bundles(request_for(tmp_path, files))
    assert packages_in_artifact(tmp_path) == {"handler.py", "pydantic_core"}
    with zipfile.ZipFile(tmp_path / "output/f.zip") as archive:
        initializer = archive.read("pydantic_core/__init__.py")
    assert initializer == (RUNTIME / "pydantic_core.py").read_bytes()


def test_distributions_are_shipped_with_their_requirements_also_the_sdk(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "handler.py": "import a",
        **distribution("a", requires=["b[x]"]),
        **distribution("b", requires=["c; extra == 'x'", "boto3"]),
        **distribution("c"),
        **distribution("boto3"),
        **distribution("d"),
        "other.py": "import d",
    }
    (made,) = make_bundles(request_for(tmp_path, files))
    assert packages_in_artifact(tmp_path) == {"handler.py", "a", "b", "c", "boto3"}
    assert [each["name"] for each in made["libraries"]] == ["a", "b", "boto3", "c"]
    assert [each["name"] for each in made["left_out"]] == ["d"]


def test_a_bundle_error_is_printed_without_a_traceback(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "lambda_bundle", "request"],
        input=json.dumps(request_for(tmp_path, {"handler.py": "import nowhere"}, strict=True)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 1
    assert run.stderr.startswith("The function f cannot be bundled: There is no module nowhere")


def test_a_function_for_another_version_of_python_ships_as_it_is(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "handler.py": "",
        "unreached.py": "",
        **distribution("unreached"),
    }
    (made,) = make_bundles(request_for(tmp_path, files, runtime="python3.10"))
    assert {"unreached.py", "unreached/__init__.py"} < read_artifact(made).keys()
    assert not [path for path in read_artifact(made) if path.endswith(".pyc")]
    assert [each["what"] for each in made["kept"]] == ["bytecode"]
    request = request_for(tmp_path, files, runtime="python3.10", strict=True)
    with pytest.raises(
        BundleError, match=r"function f cannot be bundled: its runtime is python3\.10.*Set `runtime"
    ):
        make_bundles(request)


def test_files_of_node_modules_ship_only_where_included_and_as_they_are(tmp_path: Path) -> None:
    script, own = "export const long = 1; // as published\n", "export const long = 1; // ours\n"
    library = {"node_modules/library/a.js": script, "node_modules/library/LICENSE": "MIT"}
    files: dict[str, str | bytes] = {
        "handler.py": "import web",
        "web/__init__.py": "",
        "web/a.js": own,
        **library,
    }
    for include in ([], ["node_modules/library/*"]):
        settings = {"include": include, "data": "reached", "minify": True}
        [made] = make_bundles(request_for(tmp_path, files, **settings))
        with zipfile.ZipFile(made["artifact"]) as archive:
            texts = [name for name in archive.namelist() if name in {"web/a.js", *library}]
            shipped = {name: archive.read(name).decode() for name in texts}
        minified = {"web/a.js": "const o=1;export{o as long};\n"}
        assert shipped == minified | (library if include else {})


def test_a_script_that_is_no_module_keeps_its_global_names(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "handler.py": "",
        "classic.js": "// export\nfunction longName(value) { return value }\n",
        "module.js": "const longName = 1;\nexport { longName };\n",
    }
    (made,) = make_bundles(request_for(tmp_path, files, minify=True))
    shipped = read_artifact(made)
    assert shipped["classic.js"] == b"function longName(n){return n}\n"
    assert shipped["module.js"] == b"const o=1;export{o as longName};\n"


def test_scripts_stay_as_they_are_without_esbuild_or_with_a_syntax_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    template = b"export const a = {{ value }} ;\n"
    request = request_for(tmp_path, {"handler.py": "", "a.js": template}, minify=True)
    for folder, reason in ((Path.cwd(), "cannot be minified"), (tmp_path, "not installed")):
        monkeypatch.chdir(folder)
        (made,) = make_bundles(request)
        (note,) = made["kept"]
        assert reason in note["why"]
        assert read_artifact(made)["a.js"] == template


def test_a_style_is_minified_and_by_default_nothing_is(tmp_path: Path) -> None:
    style = b"a { color: black } /* one */"
    files: dict[str, str | bytes] = {"handler.py": "", "a.css": style}
    (made,) = make_bundles(request_for(tmp_path, files))
    assert read_artifact(made)["a.css"] == style
    (made,) = make_bundles(request_for(tmp_path, files, minify=True))
    assert read_artifact(made)["a.css"] == b"a{color:#000}\n"


@pytest.mark.parametrize("version", ["1.10.27", "2.6.4", "2.10b1"])
def test_an_older_pydantic_is_kept_and_the_note_says_so(tmp_path: Path, version: str) -> None:
    contents = {
        "handler.py": "from pydantic import BaseModel\nclass M(BaseModel):\n    a: int\n",
        **distribution("pydantic", version=version, code="class BaseModel: ..."),
    }
    (made,) = make_bundles(request_for(tmp_path, contents))
    (note,) = made["kept"]
    assert note["why"] == (
        f"pydantic {version} is packaged, and models compile from 2.11 on. Upgrade pydantic."
    )
