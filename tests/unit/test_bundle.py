"""What the bundler puts into an artifact, and what it refuses."""

import io
import json
import struct
import subprocess
import sys
import zipfile
from importlib.metadata import version
from pathlib import Path

import pytest

from dev.cloud import ROOT
from plugins.bundle.archive import make_zip
from plugins.bundle.bundle import make_bundles
from plugins.bundle.bytecode import RUNTIME
from plugins.bundle.libraries import check_libraries
from plugins.bundle.minify import minify
from plugins.bundle.package import Package
from plugins.bundle.problems import BundleError
from tests.support.bundle import distribution, request_for

X86_64 = b"\x7fELF" + bytes(14) + struct.pack("<H", 62)
ARM64 = b"\x7fELF" + bytes(14) + struct.pack("<H", 183)


def test_javascript_is_minified_and_a_syntax_error_is_an_error() -> None:
    assert minify("a.js", b"export const long = 1; // one") == b"const o=1;export{o as long};\n"
    with pytest.raises(BundleError, match=r"(?s)a\.js cannot be minified: .*a\.js:1"):
        minify("a.js", b"export const = 1")


@pytest.mark.parametrize(
    ("path", "content", "problem"),
    [
        ("a.so", X86_64, "a.so is built for x86_64, but the function runs on python3.13 and arm64"),
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
def test_a_library_for_another_platform_is_an_error(
    path: str, content: bytes, problem: str
) -> None:
    with pytest.raises(BundleError) as caught:
        check_libraries({path: content}, "python3.13", "arm64")
    assert problem in str(caught.value)


def test_a_library_for_the_function_s_platform_is_accepted() -> None:
    fitting = {"a.cpython-313-aarch64-linux-gnu.so": ARM64, "b.abi3.so": ARM64}
    check_libraries(fitting, "python3.13", "arm64")


def test_an_artifact_over_lambda_s_limit_is_an_error() -> None:
    with pytest.raises(BundleError, match=r"limit is 262144000.*largest files: big"):
        check_libraries({"big": bytes(250 * 1024 * 1024), "small": b"x"}, "python3.13", "arm64")


def test_a_zip_has_sorted_paths_and_fixed_times_and_modes() -> None:
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


def test_package_patterns_match_as_in_serverless(tmp_path: Path) -> None:
    for path in ("a.py", "b/c.py", "b/d/e.py", "b/d/f.txt", "g/h.py"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).touch()

    def matched(*patterns: str) -> set[str]:
        return set(Package({}).with_sources(tmp_path, list(patterns)).files)

    assert matched("!**", "a.py", "b/**/*.py") == {"a.py", "b/c.py", "b/d/e.py"}
    assert matched("**", "!b/d/**", "b/d/f.txt") == {"a.py", "b/c.py", "b/d/f.txt", "g/h.py"}
    assert matched("b/**") == {"b/c.py", "b/d/e.py", "b/d/f.txt"}
    assert matched("**/*.py", "!b/**/*.py") == {"a.py", "g/h.py"}


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


def test_a_library_that_both_the_service_and_pydantic_import_is_shipped(tmp_path: Path) -> None:
    files = {"handler.py": "from typing_extensions import TypedDict", **PYDANTIC}
    make_bundles(request_for(tmp_path, files))
    with zipfile.ZipFile(tmp_path / "output/f.zip") as archive:
        tops = {name.split("/")[0] for name in archive.namelist() if name.endswith(".py")}
    assert tops == {"handler.py", "typing_extensions"}


def test_a_function_without_models_ships_only_the_extension_module_of_the_core(
    tmp_path: Path,
) -> None:
    files = {"handler.py": "from pydantic_core import ValidationError", **PYDANTIC}
    make_bundles(request_for(tmp_path, files))
    with zipfile.ZipFile(tmp_path / "output/f.zip") as archive:
        tops = {name.split("/")[0] for name in archive.namelist() if name.endswith(".py")}
        initializer = archive.read("pydantic_core/__init__.py")
    assert initializer == (RUNTIME / "pydantic_core.py").read_bytes()
    assert tops == {"handler.py", "pydantic_core"}


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
    with zipfile.ZipFile(tmp_path / "output/f.zip") as archive:
        tops = {name.split("/")[0] for name in archive.namelist() if name.endswith(".py")}
    assert tops == {"handler.py", "a", "b", "c"}


def test_leftover_and_vendored_metadata_is_no_distribution(tmp_path: Path) -> None:
    vendored = {f"a/_vendor/{path}": text for path, text in distribution("b").items()}
    leftover = {"a-0.dist-info/direct_url.json": "{}"}
    request = request_for(
        tmp_path, {"handler.py": "import a", **leftover, **distribution("a", *vendored), **vendored}
    )
    package = Package.read(Path(request["package"]))
    assert package.distributions.keys() == {"a"}
    assert package.distributions["a"].version == "1"
    make_bundles(request)


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


def test_a_function_for_another_version_of_python_is_an_error(tmp_path: Path) -> None:
    request = request_for(tmp_path, {"handler.py": ""}, runtime="python3.10")
    with pytest.raises(
        BundleError, match=r"function f cannot be bundled: its runtime is python3\.10.*Set `runtime"
    ):
        make_bundles(request)
