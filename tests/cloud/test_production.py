"""A stage with the settings of production, deployed twice to a local cloud of its own."""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest

from dev.clients import aws_client
from dev.cloud import Cloud
from dev.ports import any_free_port
from dev.serverless import serverless
from dev.service import ROOT, SERVICE
from dev.service_copy import ServiceCopy
from tests.support.functions import FUNCTIONS
from tests.support.responses import problem_of
from tests.support.web import call, proxy

FUNCTION_NAME_MAX = 64
LONGEST_FUNCTION = max(len(function.name) for function in FUNCTIONS)
STAGE = "production".ljust(FUNCTION_NAME_MAX - len(f"{SERVICE}--") - LONGEST_FUNCTION, "x")
MACHINE: dict[str, str] = json.loads((ROOT / ".machine.json").read_text(encoding="utf-8"))
PARAMETERS = {
    **MACHINE,
    "wheels": "machine",
    "alarmEmail": "you@example.com",
    # A route has the requests of its burst, however long the test takes.
    "stageRateLimit": 0,
    "stageBurstLimit": 1,
}


class Production(NamedTuple):
    """A deployed stage: its cloud, its folder, and the URL of its API."""

    cloud: Cloud
    service: ServiceCopy
    url: str

    def client(self, name: str) -> Any:
        """Return a client of boto3 for a service of AWS."""
        return aws_client(self.cloud, name)


def deploy(cloud: Cloud, service: ServiceCopy, stage: str) -> str:
    """Deploy a stage, and return what `serverless` prints."""
    given = [f"--param={name}={value}" for name, value in PARAMETERS.items()]
    result = serverless(cloud, service.folder, "deploy", "--stage", stage, *given)
    printed = result.stdout + result.stderr
    assert result.returncode == 0, printed
    return printed


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Production]:
    """Deploy twice."""
    service = ServiceCopy(tmp_path_factory.mktemp("production"))
    with Cloud(any_free_port()) as cloud:
        deploy(cloud, service, STAGE)
        deploy(cloud, service, STAGE)
        (api,) = aws_client(cloud, "apigateway").get_rest_apis()["items"]
        yield Production(cloud, service, cloud.api_url(api["id"], STAGE))


def test_a_stage_name_that_makes_function_names_too_long_is_refused(deployed: Production) -> None:
    result = serverless(deployed.cloud, deployed.service.folder, "package", "--stage", f"{STAGE}x")
    assert result.returncode != 0
    assert f"Use at most {len(STAGE)} characters for the stage." in result.stdout


def test_a_route_over_its_limit_gets_a_problem(deployed: Production) -> None:
    def get_post() -> Any:
        return proxy(call(f"{deployed.url}/claps?slug=a-post", "GET"))

    assert get_post()["statusCode"] == 200
    problem_of(get_post(), 429)


def test_a_route_with_limits_of_its_own_keeps_to_those(deployed: Production) -> None:
    def clap() -> int:
        return call(f"{deployed.url}/claps", json={"slug": "a-post", "claps": 1}).status_code

    assert [clap() for _ in range(3)] == [200] * 3


def test_alarms_and_a_dashboard_are_deployed(deployed: Production) -> None:
    cloudwatch = deployed.client("cloudwatch")
    alarms = cloudwatch.get_paginator("describe_alarms").paginate().build_full_result()
    assert len(alarms["MetricAlarms"]) > 2 * len(FUNCTIONS)
    (dashboard,) = cloudwatch.list_dashboards()["DashboardEntries"]
    body = cloudwatch.get_dashboard(DashboardName=dashboard["DashboardName"])["DashboardBody"]
    assert f"{SERVICE}-{STAGE}-hello" in body


def test_the_address_of_a_parameter_is_subscribed_to_the_alarms(deployed: Production) -> None:
    sns = deployed.client("sns")
    (topic,) = sns.list_topics()["Topics"]
    (subscription,) = sns.list_subscriptions()["Subscriptions"]
    assert subscription["TopicArn"] == topic["TopicArn"]
    assert subscription["Protocol"] == "email"
    assert subscription["Endpoint"] == "you@example.com"
