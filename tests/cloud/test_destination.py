"""`serverless` never takes the stage `local` to AWS, and needs credentials for the others."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from dev.cloud import Cloud
from dev.service_copy import ServiceCopy


def run(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a plain `serverless` command without credentials."""
    plain = {key: value for key, value in os.environ.items() if not key.startswith("AWS_")}
    return subprocess.run(
        ["node_modules/.bin/serverless", *arguments],
        cwd=folder,
        env={**plain, "AWS_EC2_METADATA_DISABLED": "true", "HOME": str(folder), **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def error_of(folder: Path, *arguments: str, **environment: str) -> str:
    """Run a command that must fail, and return what it prints."""
    result = run(folder, *arguments, **environment)
    assert result.returncode != 0
    return result.stdout + result.stderr


@pytest.mark.parametrize(
    "command",
    [
        ["deploy"],
        ["remove"],
        ["info"],
        ["logs", "-f", "hello"],
        ["invoke", "-f", "hello"],
        ["invoke", "local", "-f", "get_claps"],
    ],
)
def test_the_stage_local_exists_only_on_this_machine(
    service: ServiceCopy, command: list[str]
) -> None:
    printed = error_of(service.folder, *command, "--stage", "local")
    assert "Run `npm start`, and paste the export line that it prints here." in printed
    elsewhere = {"AWS_ENDPOINT_URL": "https://127.0.0.1.example.com", "AWS_ACCESS_KEY_ID": "a"}
    printed = error_of(service.folder, *command, "--stage", "local", **elsewhere)
    assert "only on this machine" in printed


def test_a_deploy_without_credentials_fails_before_it_packages(service: ServiceCopy) -> None:
    printed = error_of(service.folder, "deploy", "--package", "never-made")
    assert "AWS credentials are missing or invalid" in printed
    assert "credentials not found" in printed
    assert not (service.folder / "never-made").exists()


def test_invoking_a_function_with_a_store_advises_the_local_cloud(service: ServiceCopy) -> None:
    printed = error_of(service.folder, "invoke", "local", "-f", "create_item", "-d", "{}")
    assert "For the local cloud, add --stage local." in printed


def test_a_clone_without_python_packages_says_how_to_install_them(tmp_path: Path) -> None:
    service = ServiceCopy(tmp_path)
    (service.folder / ".venv").unlink()
    for command in (["invoke", "local", "-f", "hello"], ["package"]):
        assert "Run `npm start` once." in error_of(service.folder, *command)


def test_only_the_stage_local_uses_this_machine_s_python(tmp_path: Path, cloud: Cloud) -> None:
    service = ServiceCopy(tmp_path)
    machine = {"runtime": "python3.11", "architecture": "x86_64"}
    (service.folder / ".machine.json").write_text(json.dumps(machine))
    provider = service.run(cloud, "print", "--path", "provider", "--stage", "production")
    assert "runtime: python3.13" in provider
    assert "architecture: arm64" in provider
    provider = service.run(cloud, "print", "--path", "provider", "--stage", "local")
    assert "runtime: python3.11" in provider
    assert "architecture: x86_64" in provider


def redrive(folder: Path, *options: str, **environment: str) -> str:
    """Run a redrive that must fail, and return what it prints."""
    result = subprocess.run(
        [".venv/bin/python", "-m", "ops.redrive", "--list", *options],
        cwd=folder,
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode != 0
    return result.stderr


def test_a_redrive_of_the_stage_local_needs_this_machine_s_endpoint(service: ServiceCopy) -> None:
    assert "Paste npm start's export line" in redrive(service.folder, "--stage", "local")


def test_a_redrive_on_the_local_cloud_advises_its_stage(service: ServiceCopy, cloud: Cloud) -> None:
    assert "add --stage local" in redrive(service.folder, **cloud.settings())
