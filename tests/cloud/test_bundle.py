"""A deployed artifact: what it contains, and that builds are reproducible."""

import hashlib
import json
import re
import shutil
import struct
import subprocess
import sys
import zipfile
from importlib.util import MAGIC_NUMBER
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from lambda_bundle.bundle import make_bundles
from lambda_bundle.bytecode import RUNTIME
from lambda_bundle.package import Package
from lambda_bundle.problems import BundleError
from requests_for import request_for_package

from dev.cloud import Cloud
from dev.lambda_python import base_python
from dev.lambda_runtime import Lambda
from dev.ports import any_free_port
from dev.service import API_ID, STAGE
from dev.service_copy import ServiceCopy
from handler import lucky_numbers
from tests.support.events import BODY, bare_event
from tests.support.responses import payload_of
from tests.support.web import call

# What takes pydantic's place. The bundler writes the version.
STAND_INS = {
    "compiled_pydantic/version.py",
    *(
        path.relative_to(RUNTIME).as_posix()
        for path in (RUNTIME / "compiled_pydantic").glob("*.py")
    ),
}
# What the standard library has for it takes longer to import than the clients themselves do.
SLOW = {
    *("botocore", "collections", "decimal", "enum", "functools", "http", "json", "logging"),
    *("random", "re", "socket", "ssl", "typing", "urllib"),
}


def test_an_artifact_has_exactly_what_its_function_reaches(artifact: Path) -> None:
    paths = {
        path.relative_to(artifact).as_posix() for path in artifact.rglob("*") if path.is_file()
    }
    own = {path for path in paths if "__pycache__" not in path and "dist-info" not in path}
    own -= {path for path in paths if path.endswith(".so")}
    loop = [path.name for path in (RUNTIME / "runtime_loop").iterdir() if path.is_file()]
    assert own == {
        *(f"runtime_loop/{name}" for name in loop),
        *STAND_INS,
        "gateway/__init__.py",
        "gateway/arguments.py",
        "gateway/body.py",
        "gateway/conditions.py",
        "gateway/content_type.py",
        "gateway/endpoint.py",
        "gateway/location.py",
        "gateway/problem.py",
        "gateway/request.py",
        "gateway/response.py",
        "handler.py",
        "invocation/__init__.py",
        "invocation/deadline.py",
        "invocation/environment.py",
        "invocation/invalid.py",
        "invocation/json_text.py",
        "invocation/log.py",
        "invocation/wrapping.py",
        "lucky_numbers/__init__.py",
        "lucky_numbers/draw.py",
        "lucky_numbers/payload.py",
        "pydantic_core/__init__.py",
    }
    assert len([path for path in paths if path.endswith(".so")]) == 1


def test_every_module_has_valid_bytecode(build: Path) -> None:
    with zipfile.ZipFile(build / "bundle/lucky_numbers.zip") as archive:
        sources = [name for name in archive.namelist() if name.endswith(".py")]
        for source in sources:
            folder, _, name = source.rpartition("/")
            tag = sys.implementation.cache_tag
            cached = "/".join(filter(None, [folder, "__pycache__", f"{name[:-3]}.{tag}.pyc"]))
            content = archive.read(cached)
            assert content[:4] == MAGIC_NUMBER
            assert struct.unpack("<I", content[4:8]) == (0b01,)  # An unchecked hash: PEP 552.
            assert f"/var/task/{source}".encode() in content


def test_the_clients_of_aws_load_no_slow_module(build: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(build / "bundle/update_cart_status.zip") as archive:
        archive.extractall(tmp_path)
    code = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r});"
        "import aws.dynamodb, aws.sqs, aws.times;"
        "aws.dynamodb.DynamoDB(); aws.sqs.SQS(); print(*sys.modules)"
    )
    # The endpoint is AWS's, so TLS is loaded. Nobody connects to it.
    loaded = subprocess.run(
        [base_python(), "-I", "-S", "-c", code],
        env={"AWS_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "k", "AWS_SECRET_ACCESS_KEY": "s"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert "_ssl" in loaded
    assert not set(loaded) & SLOW


def test_builds_in_different_folders_are_identical(
    service: ServiceCopy, build: Path, tmp_path: Path
) -> None:
    built = []
    for name in ("one", "another"):
        folder = tmp_path / name
        shutil.copytree(
            service.folder, folder, symlinks=True, ignore=shutil.ignore_patterns("packaged")
        )
        settings = {"target": "machine", "runtime_loop": True, "data": "reached", "minify": True}
        request = request_for_package(build / "lucky-numbers.zip", folder, **settings)
        subprocess.run(
            [sys.executable, "-m", "lambda_bundle", "request"],
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


def test_a_folder_of_sources_is_packaged_as_serverless_packages_it(
    build: Path, service: ServiceCopy
) -> None:
    request = json.loads((build / "bundle/request.json").read_text())
    packaged = Package.read(build / "lucky-numbers.zip")
    # serverless-python-requirements leaves these files in the package.
    for path in (".completed_requirements", "requirements.txt"):
        del packaged.files[path]
    assert packaged.with_sources(service.folder, request["patterns"]) == packaged


def test_the_manifest_lists_every_file_and_distribution(build: Path) -> None:
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


def test_a_deploy_prints_a_table(deploy_log: str) -> None:
    header, row, *_ = (line for line in deploy_log.splitlines() if "  " in line.strip())
    assert header.split() == ["function", "zipped", "unzipped", "modules", "compiled", "models"]
    assert row.split()[0] == "hello"
    assert row.split()[-1] == "hello/payload.py"


def test_without_the_plugin_the_service_deploys_and_responds_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = ServiceCopy(tmp_path)
    configuration = service.folder / "serverless.yml"
    plugin = "  - lambda-bundle\n"
    assert plugin in configuration.read_text()
    configuration.write_text(configuration.read_text().replace(plugin, ""))
    with Cloud(any_free_port()) as cloud:
        service.run(cloud, "deploy")
        responses = [invoke(service, cloud, body) for body in (BODY, "{}", "{")]
        url = cloud.api_url(API_ID, STAGE)
        script = call(f"{url}/clap-button.js", "GET").content
        assert call(f"{url}/assets/swagger-ui.css", "GET").ok
    assert not (service.folder / ".serverless/bundle").exists()
    assert script == (service.folder / "web/assets/clap-button.js").read_bytes()
    assert payload_of(responses[0])["message"] == "Hi, 'SILENTBYTE'. Your lucky numbers are:"
    monkeypatch.setenv("API_PATH", urlsplit(url).path)
    for response, body in zip(responses[1:], ("{}", "{"), strict=True):
        instance = json.loads(response["body"])["instance"]
        expected = lucky_numbers(bare_event(body=body), None)["body"]
        assert response["body"].replace(instance, "") == expected


def invoke(service: ServiceCopy, cloud: Cloud, body: str) -> Any:
    """Return the response of the deployed `lucky_numbers` to a bare event."""
    data = json.dumps({"body": body})
    return json.loads(service.run(cloud, "invoke", "-f", "lucky_numbers", "--data", data))


def test_a_function_can_ship_pydantic_instead_of_compiled_models(
    build: Path, tmp_path: Path
) -> None:
    request = request_for_package(build / "lucky-numbers.zip", tmp_path, pydantic=True)
    (made,) = make_bundles(request)
    assert made["compiled"] == []
    with zipfile.ZipFile(made["artifact"]) as archive:
        archive.extractall(tmp_path / "task")
    assert (tmp_path / "task/pydantic/main.py").exists()
    with Lambda(tmp_path / "task", "handler.lucky_numbers") as function:
        function.wait_until_ready()
        assert payload_of(function.invoke(bare_event()).document)


def test_a_part_of_pydantic_that_artifacts_lack_is_an_error(build: Path, tmp_path: Path) -> None:
    changed = tmp_path / "changed.zip"
    with (
        zipfile.ZipFile(build / "lucky-numbers.zip") as original,
        zipfile.ZipFile(changed, "w") as archive,
    ):
        for name in original.namelist():
            content = original.read(name)
            added = (
                b"import pydantic.json_schema as used\nuse = used\n"
                if name == "handler.py"
                else b""
            )
            archive.writestr(name, added + content)
    request = request_for_package(changed, tmp_path, strict=True)
    with pytest.raises(BundleError, match=r"handler.py imports pydantic.json_schema"):
        make_bundles(request)


def copy_with_one_function(folder: Path) -> ServiceCopy:
    """Return a copy of the service with only `hello`, and an empty cache."""
    service = ServiceCopy(folder)
    configuration = service.folder / "serverless.yml"
    others = re.compile(r"(?s)(\nfunctions:\n  \w+:\n.*?\n)\n  \w+:\n.*?\n(?=\npackage:\n)")
    text, count = others.subn(r"\1", configuration.read_text())
    assert count == 1
    configuration.write_text(text)
    (service.folder / ".cache" / "bundle").unlink()  # All tests share it.
    return service


def test_the_shell_s_python_settings_do_not_change_artifacts(
    build: Path, cloud: Cloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = copy_with_one_function(tmp_path)
    monkeypatch.setenv("PYTHONOPTIMIZE", "2")
    monkeypatch.setenv("PYTHONPYCACHEPREFIX", "/tmp/elsewhere")
    service.run(cloud, "package")
    made = (service.folder / ".serverless/bundle/hello.zip").read_bytes()
    assert made == (build / "bundle/hello.zip").read_bytes()
