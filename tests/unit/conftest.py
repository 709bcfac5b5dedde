"""Fixtures of the tests of `aws/`."""

from collections.abc import Iterator

import pytest

from aws.dynamodb import DynamoDB
from tests.support.aws_settings import set_aws
from tests.support.fake_service import FakeService, serving


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeService]:
    """Run a fake service, and point the clients at it."""
    with serving(FakeService()) as service:
        set_aws(monkeypatch, AWS_ENDPOINT_URL=service.url)
        yield service


@pytest.fixture
def dynamodb(service: FakeService) -> DynamoDB:
    """Return a client of the service, without backoff."""
    assert service.url
    return DynamoDB(bytes)
