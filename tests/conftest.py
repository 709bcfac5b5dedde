"""A copy of the service on a local cloud of its own: tests and `npm start` keep apart."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import settings

from dev.cloud import Cloud, any_free_port
from dev.start import API_ID, STAGE
from tests.service import Service

# Deadlines are timed assertions, and machines are noisy.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Service:
    """Return a copy of the service."""
    return Service(tmp_path_factory.mktemp("service"))


@pytest.fixture(scope="session")
def cloud() -> Iterator[Cloud]:
    """Start a local cloud, and stop it at the end."""
    with Cloud(any_free_port()) as cloud:
        yield cloud


@pytest.fixture(scope="session")
def api_url(service: Service, cloud: Cloud) -> str:
    """Deploy, and return where the service answers, without a slash at the end."""
    service.run(cloud, "deploy")
    return cloud.api_url(API_ID, STAGE)


@pytest.fixture(scope="session")
def template(service: Service, cloud: Cloud) -> Any:
    """Return the CloudFormation template that a deploy to the stage `dev` uploads."""
    service.run(cloud, "package", "--stage", "dev", "--package", "packaged")
    packaged = service.folder / "packaged" / "cloudformation-template-update-stack.json"
    return json.loads(packaged.read_text(encoding="utf-8"))
