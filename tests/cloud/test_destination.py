"""Where `serverless` goes: the stage `local` never to AWS, and AWS only for who it knows."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from dev.cloud import Cloud
from tests.support.service import Service


def run(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Return what a plain `serverless` command prints, without any credentials."""
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


def refusal(folder: Path, *arguments: str, **environment: str) -> str:
    """Return what a command prints that must fail."""
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
def test_the_stage_local_is_on_this_machine_alone(service: Service, command: list[str]) -> None:
    told = refusal(service.folder, *command, "--stage", "local")
    assert "Run `npm start`, and paste here the export line that it prints." in told
    elsewhere = {"AWS_ENDPOINT_URL": "https://127.0.0.1.example.com", "AWS_ACCESS_KEY_ID": "a"}
    told = refusal(service.folder, *command, "--stage", "local", **elsewhere)
    assert "on this machine alone" in told


def test_a_deploy_without_credentials_fails_before_it_packages(service: Service) -> None:
    told = refusal(service.folder, "deploy", "--package", "never-made")
    assert "AWS does not say who you are" in told
    assert "credentials not found" in told
    assert not (service.folder / "never-made").exists()


def test_invoking_what_keeps_something_tells_where_it_can(service: Service) -> None:
    told = refusal(service.folder, "invoke", "local", "-f", "create_item", "-d", "{}")
    assert "For the local cloud, add --stage local." in told


def test_without_its_python_packages_a_clone_says_how_to_get_them(tmp_path: Path) -> None:
    service = Service(tmp_path)
    (service.folder / ".venv").unlink()
    for command in (["invoke", "local", "-f", "hello"], ["package"]):
        assert "`npm start` does it, once." in refusal(service.folder, *command)


def test_no_other_stage_takes_its_python_from_this_machine(tmp_path: Path, cloud: Cloud) -> None:
    service = Service(tmp_path)
    noted = {"runtime": "python3.11", "architecture": "x86_64"}
    (service.folder / ".machine.json").write_text(json.dumps(noted))
    provider = service.run(cloud, "print", "--path", "provider", "--stage", "production")
    assert "runtime: python3.13" in provider
    assert "architecture: arm64" in provider
    provider = service.run(cloud, "print", "--path", "provider", "--stage", "local")
    assert "runtime: python3.11" in provider
    assert "architecture: x86_64" in provider


def redrive(folder: Path, *options: str, **environment: str) -> str:
    """Return what a redrive prints that must fail."""
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


def test_a_redrive_of_the_stage_local_stays_on_this_machine(service: Service) -> None:
    assert "paste the export line" in redrive(service.folder, "--stage", "local")


def test_a_redrive_on_the_local_cloud_tells_its_stage(service: Service, cloud: Cloud) -> None:
    assert "add --stage local" in redrive(service.folder, **cloud.settings())
