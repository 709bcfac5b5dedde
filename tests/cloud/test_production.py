"""A stage with the settings of production, deployed twice to a local cloud of its own."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from botocore.exceptions import ClientError

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


def list_tables(production: Production) -> list[Any]:
    """Return the descriptions of all tables."""
    dynamodb = production.client("dynamodb")
    names = dynamodb.list_tables()["TableNames"]
    return [dynamodb.describe_table(TableName=name)["Table"] for name in names]


def test_every_table_is_protected_from_deletion(deployed: Production) -> None:
    tables = list_tables(deployed)
    assert tables
    for table in tables:
        assert table["DeletionProtectionEnabled"], table["TableName"]


def test_a_deploy_may_not_delete_or_replace_data_queues_or_the_api(deployed: Production) -> None:
    stack = {"StackName": f"{SERVICE}-{STAGE}"}
    policy = json.loads(
        deployed.client("cloudformation").get_stack_policy(**stack)["StackPolicyBody"]
    )
    allow, deny = policy["Statement"]
    assert (allow["Effect"], allow["Action"], allow["Resource"]) == ("Allow", "Update:*", "*")
    assert (deny["Effect"], deny["Resource"]) == ("Deny", "*")
    assert set(deny["Action"]) == {"Update:Delete", "Update:Replace"}
    assert set(deny["Condition"]["StringEquals"]["ResourceType"]) == {
        "AWS::ApiGateway::RestApi",
        "AWS::DynamoDB::Table",
        "AWS::SQS::Queue",
        "AWS::SecretsManager::Secret",
    }


def test_the_stack_cannot_be_removed_by_mistake(deployed: Production) -> None:
    result = serverless(deployed.cloud, deployed.service.folder, "remove", "--stage", STAGE)
    assert result.returncode != 0
    assert "deletion protection is enabled" in result.stdout + result.stderr
    assert list_tables(deployed)


def test_what_keeps_data_and_what_reads_it_carries_the_tags_of_the_service(
    deployed: Production,
) -> None:
    logs, iam = deployed.client("logs"), deployed.client("iam")
    tags = {
        each["Name"]: dict_of(each["Tags"])
        for each in deployed.client("secretsmanager").list_secrets()["SecretList"]
    }
    for group in logs.describe_log_groups()["logGroups"]:
        arn = group["arn"].removesuffix(":*")
        tags[arn] = logs.list_tags_for_resource(resourceArn=arn)["tags"]
    for role in iam.list_roles()["Roles"]:
        listed = iam.list_role_tags(RoleName=role["RoleName"])
        tags[role["RoleName"]] = dict_of(listed["Tags"])
    for kind in ("dynamodb:table", "lambda:function", "sns", "sqs"):
        found = deployed.client("resourcegroupstaggingapi").get_resources(
            ResourceTypeFilters=[kind]
        )
        assert found["ResourceTagMappingList"], kind
        for each in found["ResourceTagMappingList"]:
            tags[each["ResourceARN"]] = dict_of(each["Tags"])
    assert {name for name, each in tags.items() if each.get("project") != SERVICE} == set()


def test_queues_refuse_requests_without_tls(deployed: Production) -> None:
    sqs = deployed.client("sqs")
    for url in sqs.list_queues()["QueueUrls"]:
        with pytest.raises(ClientError, match="AccessDenied"):
            sqs.send_message(QueueUrl=url, MessageBody="{}")


def dict_of(tags: list[dict[str, str]]) -> dict[str, str]:
    """Return tags as a dict."""
    return {each["Key"]: each["Value"] for each in tags}


def test_a_first_deploy_that_fails_leaves_nothing_and_can_be_repeated(tmp_path: Path) -> None:
    """Retained tables would be orphans, of which the next deploy would know nothing."""
    service = ServiceCopy(tmp_path)
    configuration = service.folder / "serverless.yml"
    text = configuration.read_text()
    # CloudFormation creates it last, and fails.
    broken = "      Broken: { Type: AWS::CloudWatch::Alarm, DependsOn: [OrdersTable, Secret] }\n"
    with Cloud(any_free_port()) as cloud:
        production = Production(cloud, service, "")
        configuration.write_text(f"{text.rstrip()}\n{broken}")
        with pytest.raises(AssertionError, match="Broken"):
            deploy(cloud, service, "production")
        assert list_tables(production) == []
        assert production.client("secretsmanager").list_secrets()["SecretList"] == []

        configuration.write_text(text)
        deploy(cloud, service, "production")
        assert list_tables(production)
