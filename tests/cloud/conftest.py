"""A copy of the service, deployed to a local cloud that only these tests use."""

import json
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from aws.dynamodb import DynamoDB
from dev.browser import open_browser
from dev.cloud import Cloud
from dev.ports import any_free_port
from dev.serverless import serverless
from dev.service import API_ID, STAGE
from dev.service_copy import THIS_PYTHON, ServiceCopy
from tests.support.faulty_proxy import FaultyProxy
from tests.support.pipeline import Pipeline
from tests.support.serving import serving


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> ServiceCopy:
    """Return a copy of the service."""
    return ServiceCopy(tmp_path_factory.mktemp("service"))


@pytest.fixture(scope="session")
def cloud() -> Iterator[Cloud]:
    """Start a local cloud, and stop it at the end."""
    with Cloud(any_free_port(), logs_calls=True) as cloud:
        yield cloud


@pytest.fixture(scope="session")
def deploy_log(service: ServiceCopy, cloud: Cloud) -> str:
    """Deploy, and return what `serverless` writes to standard error."""
    result = serverless(cloud, service.folder, "deploy", "--stage", STAGE)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stderr


@pytest.fixture(scope="session")
def build(deploy_log: str, service: ServiceCopy, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of `.serverless` after the deploy."""
    assert deploy_log
    folder = tmp_path_factory.mktemp("build")
    return Path(shutil.copytree(service.folder / ".serverless", folder, dirs_exist_ok=True))


@pytest.fixture(scope="session")
def api_url(cloud: Cloud, build: Path) -> str:
    """Return the base URL of the deployed service, without a trailing slash.

    Needs `build`, so that it is copied before a test deploys again or removes the service.
    """
    assert build.exists()
    return cloud.api_url(API_ID, STAGE)


@pytest.fixture(scope="session")
def artifact(build: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the unzipped artifact of `lucky_numbers`."""
    folder = tmp_path_factory.mktemp("artifact")
    with zipfile.ZipFile(build / "bundle/lucky_numbers.zip") as archive:
        archive.extractall(folder)
    return folder


@pytest.fixture(scope="session")
def template(build: Path) -> Any:
    """Return the CloudFormation template of the deploy."""
    uploaded = build / "cloudformation-template-update-stack.json"
    return json.loads(uploaded.read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def packaged(service: ServiceCopy, cloud: Cloud) -> Path:
    """Package for the stage `production`, and return the folder."""
    service.run(cloud, "package", "--stage", "production", "--package", "production", THIS_PYTHON)
    return service.folder / "production"


@pytest.fixture(scope="session")
def production(packaged: Path) -> Any:
    """Return the CloudFormation template of the stage `production`."""
    compiled = packaged / "cloudformation-template-update-stack.json"
    return json.loads(compiled.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Open the browser."""
    with open_browser() as browser:
        yield browser


@pytest.fixture(scope="module")
def faulty_proxy(cloud: Cloud) -> Iterator[FaultyProxy]:
    """Run a faulty proxy in front of the cloud."""
    faulty_proxy = FaultyProxy(cloud.url)
    with serving(faulty_proxy.server):
        yield faulty_proxy
        faulty_proxy.slow_calls_end.set()


@pytest.fixture(scope="module")
def dynamodb(cloud: Cloud, faulty_proxy: FaultyProxy) -> DynamoDB:
    """Return a client for the cloud's DynamoDB, through the faulty proxy."""
    return make_client(cloud.settings() | {"AWS_ENDPOINT_URL": faulty_proxy.url})


@pytest.fixture(scope="module")
def undisturbed_dynamodb(cloud: Cloud) -> DynamoDB:
    """Return a client for the cloud's DynamoDB, without faults."""
    return make_client(cloud.settings())


def make_client(settings: dict[str, str]) -> DynamoDB:
    """Return a client for DynamoDB with these settings."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in settings.items():
            patch.setenv(name, value)
        return DynamoDB()


@pytest.fixture(scope="module")
def pipeline(cloud: Cloud, faulty_proxy: FaultyProxy, template: Any) -> Pipeline:
    """Return the table, stream, queues and event functions of orders, through the faulty proxy."""
    return Pipeline(cloud, faulty_proxy.url, template)
