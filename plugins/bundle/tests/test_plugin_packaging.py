"""The plugin bundles services as strangers package them."""

import zipfile
from pathlib import Path

import pytest
from plugin_service import PLUGINS, Service, bytecode_of, read_zip
from requests_for import RUNTIME, declare_size

GREETING = "from greeting import TEXT\n\n\ndef f(event, context):\n    return TEXT\n"


def test_two_lines_bundle_a_function_with_its_requirements(tmp_path: Path) -> None:
    service = Service(tmp_path)
    service.add_wheel("greeting", "TEXT = 'hello'\n")
    service.write("handler.py", GREETING)
    service.write("unused.py", "")
    output = service.package()
    files = service.deployed()
    assert {"handler.py", bytecode_of("handler.py"), "greeting.py"} <= files.keys()
    assert "unused.py" not in files
    assert "function  zipped" in output
    (function,) = service.report["functions"]
    assert (function["function"], function["artifact"]) == ("f", "f.zip")
    assert service.report["left"] == []


@pytest.mark.parametrize("plugins", [PLUGINS, PLUGINS[::-1]], ids=["after", "before"])
def test_the_order_of_the_plugins_does_not_matter(tmp_path: Path, plugins: list[str]) -> None:
    service = Service(tmp_path, plugins=plugins)
    service.add_wheel("greeting", "TEXT = 'hello'\n")
    service.write("handler.py", GREETING)
    service.package()
    assert "greeting.py" in service.deployed()


def test_a_service_without_a_packager_of_requirements_is_bundled(tmp_path: Path) -> None:
    service = Service(tmp_path, plugins=["lambda-bundle"])
    service.package()
    assert bytecode_of("handler.py") in service.deployed()


def test_functions_that_are_packaged_individually_have_artifacts_of_their_modules(
    tmp_path: Path,
) -> None:
    functions = {
        "cart": {"handler": "handler.f", "module": "cart"},
        "mail": {"handler": "handler.f", "module": "mail"},
    }
    service = Service(tmp_path, package={"individually": True}, functions=functions)
    service.add_wheel("greeting", "TEXT = 'hello'\n")
    for module in functions:
        service.write(f"{module}/handler.py", f"NAME = {module!r}\n{GREETING}")
        service.write(f"{module}/requirements.txt", "greeting==1\n")
    service.package()
    for module in functions:
        files = service.deployed(module)
        assert f"NAME = {module!r}".encode() in files["handler.py"]
        assert {"greeting.py", bytecode_of("handler.py")} <= files.keys()
    assert [each["function"] for each in service.report["functions"]] == ["cart", "mail"]


def test_one_function_can_be_packaged_individually(tmp_path: Path) -> None:
    own = {"individually": True, "patterns": ["!**", "mail/**"]}
    functions = {
        "cart": {"handler": "cart/handler.f"},
        "mail": {"handler": "mail/handler.f", "package": own},
    }
    service = Service(tmp_path, functions=functions, plugins=["lambda-bundle"])
    for module in functions:
        service.write(f"{module}/handler.py", "def f(event, context): ...\n")
    service.package()
    assert bytecode_of("cart/handler.py") in service.deployed("cart")
    assert bytecode_of("mail/handler.py") in service.deployed("mail")


@pytest.mark.parametrize("level", ["service", "function"])
def test_an_artifact_of_ones_own_is_bundled(tmp_path: Path, level: str) -> None:
    package = {"artifact": "build/own.zip"}
    function = {"handler": "own.f", **({"package": package} if level == "function" else {})}
    configuration = {"package": package} if level == "service" else {}
    service = Service(
        tmp_path, functions={"f": function}, plugins=["lambda-bundle"], **configuration
    )
    (service.folder / "build").mkdir()
    with zipfile.ZipFile(service.folder / "build/own.zip", "w") as archive:
        archive.writestr("own.py", "def f(event, context): ...\n")
    service.package()
    assert bytecode_of("own.py") in service.deployed()


def test_what_is_not_python_is_left_alone(tmp_path: Path) -> None:
    functions = {
        "f": {"handler": "handler.f"},
        "script": {"handler": "script.f", "runtime": "nodejs22.x"},
        "container": {
            "image": "123456789012.dkr.ecr.us-east-1.amazonaws.com/shop@sha256:" + "0" * 64
        },
        "off": {"handler": "handler.f", "bundle": False},
    }
    service = Service(tmp_path, functions=functions)
    service.write("script.js", "exports.f = () => {};")
    service.package()
    assert [each["function"] for each in service.report["functions"]] == ["f"]
    assert "script.js" in service.deployed("script")
    assert bytecode_of("handler.py") not in service.deployed("off")


def test_no_artifact_has_the_name_of_another_that_is_deployed(tmp_path: Path) -> None:
    functions = {
        "shop": {"handler": "handler.f"},  # Named like the service, and so like its zip.
        "script": {"handler": "script.f", "runtime": "nodejs22.x"},
    }
    service = Service(tmp_path, functions=functions)
    service.write("script.js", "exports.f = () => {};")
    service.package()
    keys = {
        name: resource["Properties"]["Code"]["S3Key"].rpartition("/")[2]
        for name, resource in service.resources.items()
        if resource["Type"] == "AWS::Lambda::Function"
    }
    assert keys == {"ShopLambdaFunction": "shop.bundle.zip", "ScriptLambdaFunction": "shop.zip"}
    assert bytecode_of("handler.py") in service.deployed("shop")


def test_zipped_requirements_are_left_alone(tmp_path: Path) -> None:
    service = Service(tmp_path, custom={"pythonRequirements": {"zip": True}})
    service.add_wheel("greeting")
    service.write("handler.py", f"import unzip_requirements\n{GREETING}")
    output = service.package()
    assert ".requirements.zip" in service.deployed()
    assert "it unzips its requirements at each start" in output


def test_slim_requirements_are_bundled(tmp_path: Path) -> None:
    service = Service(tmp_path, custom={"pythonRequirements": {"slim": True}})
    service.add_wheel("greeting", "TEXT = 'hello'\n")
    service.write("handler.py", GREETING)
    service.package()
    assert {"greeting.py", bytecode_of("handler.py")} <= service.deployed().keys()


def test_vendored_modules_are_bundled(tmp_path: Path) -> None:
    service = Service(tmp_path, custom={"pythonRequirements": {"vendor": "vendored"}})
    service.add_wheel("other")
    service.write("vendored/greeting.py", "TEXT = 'hello'\n")
    service.write("handler.py", GREETING)
    service.package()
    assert {"greeting.py", bytecode_of("handler.py")} <= service.deployed().keys()


def test_without_a_static_cache_requirements_are_bundled(tmp_path: Path) -> None:
    service = Service(tmp_path, custom={"pythonRequirements": {"useStaticCache": False}})
    service.add_wheel("greeting", "TEXT = 'hello'\n")
    service.write("handler.py", GREETING)
    service.package()
    assert "greeting.py" in service.deployed()


def test_another_folder_for_the_package_gets_the_artifacts(tmp_path: Path) -> None:
    service = Service(tmp_path)
    service.package("--package", "elsewhere")
    files = read_zip(service.folder / "elsewhere/bundle/f.zip")
    assert bytecode_of("handler.py") in files


def test_the_runtime_loop_is_off_until_it_is_wanted(tmp_path: Path) -> None:
    functions = {
        "plain": {"handler": "handler.f"},
        "fast": {"handler": "handler.f", "bundle": {"runtimeLoop": True}},
    }
    service = Service(tmp_path, functions=functions)
    service.package()
    assert "runtime_loop/wrapper" not in service.deployed("plain")
    assert "runtime_loop/wrapper" in service.deployed("fast")
    variables = service.resources["FastLambdaFunction"]["Properties"]["Environment"]["Variables"]
    assert variables == {"AWS_LAMBDA_EXEC_WRAPPER": "/var/task/runtime_loop/wrapper"}
    assert "Environment" not in service.resources["PlainLambdaFunction"]["Properties"]


@pytest.mark.parametrize(
    "own", [{"environment": {"AWS_LAMBDA_EXEC_WRAPPER": "/opt/own"}}, {"snapStart": True}]
)
def test_a_wrapper_of_ones_own_and_snap_start_have_no_loop(
    tmp_path: Path, own: dict[str, object]
) -> None:
    functions = {"f": {"handler": "handler.f", **own}}
    service = Service(tmp_path, functions=functions, custom={"bundle": {"runtimeLoop": True}})
    service.package()
    assert "runtime_loop/wrapper" not in service.deployed()


def test_functions_of_several_runtimes_are_bundled_or_left(tmp_path: Path) -> None:
    functions = {
        "old": {"handler": "handler.f", "runtime": "python3.10"},
        "f": {"handler": "handler.f", "runtime": RUNTIME},
    }
    service = Service(tmp_path, functions=functions)
    output = service.package()
    assert bytecode_of("handler.py") in service.deployed("f")
    assert "handler.py" in service.deployed("old")
    (left,) = service.report["left"]
    assert left["function"] == "old"
    assert "its runtime is python3.10" in output


def test_a_function_whose_package_is_too_large_is_deployed_as_packaged(tmp_path: Path) -> None:
    service = Service(tmp_path, plugins=["lambda-bundle"])
    service.configuration["functions"]["f"]["package"] = {"artifact": "large.zip"}
    with zipfile.ZipFile(service.folder / "large.zip", "w") as archive:
        archive.writestr("handler.py", "")
        archive.writestr(".venv/large.so", "")
    declare_size(service.folder / "large.zip", ".venv/large.so", 1_200_000_000)
    assert ".venv (1.20 GB)" in service.package()
    assert [each["function"] for each in service.report["left"]] == ["f"]
    assert service.deployed().keys() == {"handler.py", ".venv/large.so", "last"}
