"""One artifact a function: what it holds, that it is the same twice, and what stops it."""

import hashlib
import io
import json
import shutil
import struct
import subprocess
import sys
import zipfile
from importlib.util import MAGIC_NUMBER
from pathlib import Path
from typing import Any

import pytest

from dev.cloud import ROOT, Cloud, any_free_port, serverless
from dev.lambda_runtime import Lambda
from dev.start import API_ID, STAGE
from handler import lucky_numbers
from plugins.bundle.archive import check_fitness, make_zip
from plugins.bundle.bundle import make_bundles
from plugins.bundle.closure import find_closure
from plugins.bundle.minify import minify
from plugins.bundle.package import Package
from plugins.bundle.problems import BundleError
from tests.support.events import BODY, bare_event
from tests.support.replies import payload_of
from tests.support.service import THIS_PYTHON, Service
from tests.support.web import call

RUNTIME = f"python{sys.version_info[0]}.{sys.version_info[1]}"
DESCRIBED = {"name": "lucky_numbers", "handler": "handler.lucky_numbers", "runtime": RUNTIME}
X86_64 = b"\x7fELF" + bytes(14) + struct.pack("<H", 62)
ARM64 = b"\x7fELF" + bytes(14) + struct.pack("<H", 183)


def ask(artifact: Path, folder: Path, **function: Any) -> dict[str, Any]:
    """Return what index.js asks for: `lucky_numbers`, but for what is said of the function."""
    return {
        "artifact": str(artifact),
        "output": str(folder / "output"),
        "cache": str(folder / "cache"),
        "functions": [{**DESCRIBED, "architecture": machine(), **function}],
    }


def package(files: dict[str, str]) -> Package:
    """Return a package of these files."""
    return Package({path: text.encode() for path, text in files.items()})


def closure(files: Package, module: str = "handler", include: list[str] | None = None) -> set[str]:
    """Return the paths that a module reaches."""
    return find_closure(files, module, include or []).files


def test_the_artifact_holds_what_the_function_reaches_and_no_more(artifact: Path) -> None:
    paths = {
        path.relative_to(artifact).as_posix() for path in artifact.rglob("*") if path.is_file()
    }
    own = {path for path in paths if "__pycache__" not in path and "dist-info" not in path}
    own -= {path for path in paths if path.endswith(".so")}
    assert own - {"spy.py", "failing.py"} == {
        "compiled_model.py",
        "gateway/__init__.py",
        "gateway/arguments.py",
        "gateway/body.py",
        "gateway/conditions.py",
        "gateway/endpoint.py",
        "gateway/problem.py",
        "gateway/reply.py",
        "gateway/request.py",
        "handler.py",
        "lucky_numbers/__init__.py",
        "lucky_numbers/draw.py",
        "lucky_numbers/payload.py",
        "pydantic_core/__init__.py",
    }
    assert len([path for path in paths if path.endswith(".so")]) == 1


def test_every_module_has_bytecode_that_counts(build: Path) -> None:
    with zipfile.ZipFile(build / "bundle/lucky_numbers.zip") as archive:
        sources = [name for name in archive.namelist() if name.endswith(".py")]
        for source in sources:
            folder, _, name = source.rpartition("/")
            tag = sys.implementation.cache_tag
            cached = "/".join(filter(None, [folder, "__pycache__", f"{name[:-3]}.{tag}.pyc"]))
            content = archive.read(cached)
            assert content[:4] == MAGIC_NUMBER
            assert struct.unpack("<I", content[4:8]) == (0b01,)  # Unchecked, by hash: PEP 552.
            assert f"/var/task/{source}".encode() in content


def test_two_builds_in_different_folders_are_the_same(
    service: Service, build: Path, tmp_path: Path
) -> None:
    built = []
    for name in ("one", "another"):
        folder = tmp_path / name
        shutil.copytree(
            service.folder, folder, symlinks=True, ignore=shutil.ignore_patterns("packaged")
        )
        request = ask(build / "lucky-numbers.zip", folder, target="machine")
        subprocess.run(
            [sys.executable, "-m", "plugins.bundle"],
            cwd=folder,
            input=json.dumps(request).encode(),
            stdout=subprocess.PIPE,
            check=True,
        )
        built.append(
            {path.name: hashlib.sha256(path.read_bytes()).digest()
             for path in (folder / "output").iterdir()}
        )  # fmt: skip
    assert built[0] == built[1]
    deployed = (build / "bundle/lucky_numbers.zip").read_bytes()
    assert built[0]["lucky_numbers.zip"] == hashlib.sha256(deployed).digest()


def machine() -> str:
    """Return this machine's architecture, as Lambda calls it."""
    noted: dict[str, str] = json.loads((ROOT / ".machine.json").read_text())
    return noted["architecture"]


def test_the_manifest_tells_every_file_and_distribution(build: Path) -> None:
    bundled = build / "bundle"
    manifest = json.loads((bundled / "lucky_numbers.cdx.json").read_text(encoding="utf-8"))
    assert (manifest["bomFormat"], manifest["specVersion"]) == ("CycloneDX", "1.6")
    files = {
        each["name"]: each["hashes"][0]["content"]
        for each in manifest["components"]
        if each["type"] == "file"
    }
    with zipfile.ZipFile(bundled / "lucky_numbers.zip") as archive:
        assert files == {
            name: hashlib.sha256(archive.read(name)).hexdigest() for name in archive.namelist()
        }
    libraries = [each for each in manifest["components"] if each["type"] == "library"]
    assert [each["name"] for each in libraries] == ["pydantic-core"]
    assert libraries[0]["licenses"] == [{"license": {"name": "MIT"}}]


def test_packaging_prints_a_table_and_builds_for_arm64_anywhere(
    service: Service, cloud: Cloud
) -> None:
    result = serverless(cloud, service.folder, "package", "--package", "arm64", THIS_PYTHON)
    assert result.returncode == 0, result.stderr
    header, row, *_ = (line for line in result.stderr.splitlines() if "  " in line.strip())
    assert header.split() == ["function", "zipped", "unzipped", "modules", "compiled", "models"]
    assert row.split()[0] == "lucky_numbers"
    assert row.split()[-1] == "lucky_numbers/payload.py"


def test_without_the_plugin_the_service_deploys_and_answers_the_same(tmp_path: Path) -> None:
    service = Service(tmp_path)
    configuration = service.folder / "serverless.yml"
    plugin = "  - ./plugins/bundle/index.js\n"
    assert plugin in configuration.read_text()
    configuration.write_text(configuration.read_text().replace(plugin, ""))
    with Cloud(any_free_port()) as cloud:
        service.run(cloud, "deploy")
        replies = [invoke(service, cloud, body) for body in (BODY, "{}", "{")]
        widget = call(f"{cloud.api_url(API_ID, STAGE)}/clap-button.js", "GET").content
    assert not (service.folder / ".serverless/bundle").exists()
    assert widget == (service.folder / "web/assets/clap-button.js").read_bytes()
    assert payload_of(replies[0])["message"] == "Hi, 'SILENTBYTE'. Your lucky numbers are:"
    for reply, body in zip(replies[1:], ("{}", "{"), strict=True):
        instance = json.loads(reply["body"])["instance"]
        expected = lucky_numbers(bare_event(body=body), None)["body"]
        assert reply["body"].replace(instance, "") == expected


def invoke(service: Service, cloud: Cloud, body: str) -> Any:
    """Return what the deployed `lucky_numbers` answers to a bare event."""
    data = json.dumps({"body": body})
    return json.loads(service.run(cloud, "invoke", "-f", "lucky_numbers", "--data", data))


def test_a_function_may_ship_pydantic_as_it_is(build: Path, tmp_path: Path) -> None:
    request = ask(build / "lucky-numbers.zip", tmp_path, pydantic=True)
    (made,) = make_bundles(request)
    assert made["compiled"] == []
    with zipfile.ZipFile(made["artifact"]) as archive:
        archive.extractall(tmp_path / "task")
    assert (tmp_path / "task/pydantic/main.py").exists()
    with Lambda(tmp_path / "task", "handler.lucky_numbers") as function:
        function.wait_until_ready()
        assert payload_of(function.invoke(bare_event()).document)


def test_pydantic_beside_compiled_models_is_refused(build: Path, tmp_path: Path) -> None:
    changed = tmp_path / "changed.zip"
    with (
        zipfile.ZipFile(build / "lucky-numbers.zip") as original,
        zipfile.ZipFile(changed, "w") as archive,
    ):
        for name in original.namelist():
            content = original.read(name)
            prefix = b"import pydantic\n" if name == "handler.py" else b""
            archive.writestr(name, prefix + content)
    request = ask(changed, tmp_path)
    with pytest.raises(BundleError, match=r"own code needs pydantic"):
        make_bundles(request)


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
    source = "TYPE_CHECKING = False\nif TYPE_CHECKING:\n    import a\nelse:\n    import b\n"
    assert closure(package({"handler.py": source, "a.py": "", "b.py": ""})) == {
        "handler.py",
        "b.py",
    }


def test_a_missing_module_is_told_with_the_chain_that_wanted_it() -> None:
    files = {"handler.py": "import a", "a.py": "import b", "b.py": "import nowhere.at_all"}
    with pytest.raises(BundleError, match=r"nowhere\.at_all.*the handler → handler → a → b"):
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
    with pytest.raises(BundleError, match="no module lost, which is wanted by bundle: include:"):
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
        ("a.so", X86_64, "a.so is for x86_64; the function is for python3.13 on arm64"),
        ("a.so.1.2", X86_64, "is for x86_64"),
        ("a.dylib", b"\xcf\xfa\xed\xfe" + bytes(20), "is no Linux library"),
        ("a.pyd", b"MZ" + bytes(20), "is no Linux library"),
        ("a.cpython-312-aarch64-linux-gnu.so", ARM64, "is for cpython-312-aarch64-linux-gnu"),
        ("a.cpython-313t-aarch64-linux-gnu.so", ARM64, "is for cpython-313t"),
        ("a.pypy310-pp73-aarch64-linux-gnu.so", ARM64, "is for pypy310"),
        ("bin/tool", X86_64, "is for x86_64"),
        ("a.so", ARM64 + b"libc.musl-aarch64.so.1", "is linked to musl"),
    ],
)
def test_a_library_for_another_target_is_refused(path: str, content: bytes, told: str) -> None:
    with pytest.raises(BundleError) as refused:
        check_fitness({path: content}, "python3.13", "arm64")
    assert told in str(refused.value)


def test_a_library_for_the_target_is_taken() -> None:
    fitting = {"a.cpython-313-aarch64-linux-gnu.so": ARM64, "b.abi3.so": ARM64}
    check_fitness(fitting, "python3.13", "arm64")


def test_an_artifact_over_lambda_s_limit_is_refused() -> None:
    with pytest.raises(BundleError, match=r"Lambda takes 262144000.*largest files: big"):
        check_fitness({"big": bytes(250 * 1024 * 1024), "small": b"x"}, "python3.13", "arm64")


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


def request_for(tmp_path: Path, files: dict[str, str], **function: Any) -> dict[str, Any]:
    """Return what index.js would ask for, of a service with just these files and a handler."""
    artifact = tmp_path / "service.zip"
    with zipfile.ZipFile(artifact, "w") as archive:
        for path, text in files.items():
            handler = "\n\ndef f(event, context): ...\n" if path == "handler.py" else ""
            archive.writestr(path, text + handler)
    described = {"name": "f", "handler": "handler.f", "architecture": "arm64"}
    return ask(artifact, tmp_path, **{**described, **function})


def test_a_build_that_changes_nothing_is_taken_from_the_one_before(tmp_path: Path) -> None:
    request = request_for(tmp_path, {"handler.py": "f = 1"})
    first = make_bundles(request)
    (made,) = (tmp_path / "cache").iterdir()
    before = (made / "artifact.zip").stat().st_mtime_ns
    assert make_bundles(request) == first
    assert (made / "artifact.zip").stat().st_mtime_ns == before
    make_bundles(request_for(tmp_path, {"handler.py": "f = 2"}))
    assert len(list((tmp_path / "cache").iterdir())) == 2


def test_a_change_makes_anew_what_reaches_it(tmp_path: Path) -> None:
    files = {"handler.py": "import shared", "shared.py": "", "other.py": "def g(): ...\n"}
    request = request_for(tmp_path, files)
    request["functions"].append({**request["functions"][0], "name": "g", "handler": "other.g"})

    def made() -> int:
        make_bundles(request)
        return len(list((tmp_path / "cache").iterdir()))

    assert made() == 2
    request_for(tmp_path, {**files, "unreached.py": ""})
    assert made() == 2
    request_for(tmp_path, {**files, "other.py": "def g(): pass\n"})
    assert made() == 3
    request_for(tmp_path, {**files, "shared.py": "x = 1\n"})
    assert made() == 4


def test_sources_take_the_place_of_what_was_packaged(build: Path, service: Service) -> None:
    request = json.loads((build / "bundle/request.json").read_text())
    packaged = Package.read(str(build / "lucky-numbers.zip"))
    # serverless-python-requirements leaves these, which no function reaches.
    for path in (".completed_requirements", "requirements.txt"):
        del packaged.files[path]
    assert packaged.with_sources(service.folder, request["patterns"]) == packaged


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


def distribution(name: str, *requires: str, module: str = "") -> dict[str, str]:
    """Return the files of a distribution of that name."""
    info = f"{name.replace('-', '_')}-1.dist-info"
    path = f"{name.replace('-', '_')}/__init__.py"
    lines = [f"Name: {name}", "Version: 1", *(f"Requires-Dist: {each}" for each in requires)]
    return {
        path: module,
        f"{info}/METADATA": "\n".join(lines) + "\n",
        f"{info}/RECORD": f"{path},,\n",
    }


MODELS = "from pydantic import BaseModel\nclass M(BaseModel):\n    a: int\n"
PYDANTIC = {
    **distribution("pydantic", "typing-extensions", "pydantic-core"),
    **distribution("pydantic-core", "typing-extensions"),
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
    files: dict[str, str], told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("plugins.bundle.bundle.installed_version", lambda _: "1")
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


def test_the_shell_s_python_settings_stay_out_of_artifacts(
    build: Path, service: Service, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONOPTIMIZE", "2")
    monkeypatch.setenv("PYTHONPYCACHEPREFIX", "/tmp/elsewhere")
    (service.folder / ".cache/bundle").rename(service.folder / ".cache/bundle-before")
    service.run(cloud, "package", "--package", "optimized")
    made = (service.folder / "optimized/bundle/lucky_numbers.zip").read_bytes()
    assert made == (build / "bundle/lucky_numbers.zip").read_bytes()


def test_a_build_for_another_python_is_refused(tmp_path: Path) -> None:
    request = request_for(tmp_path, {"handler.py": ""}, runtime="python3.10")
    with pytest.raises(BundleError, match=r"function f cannot be bundled: it runs on python3\.10"):
        make_bundles(request)
