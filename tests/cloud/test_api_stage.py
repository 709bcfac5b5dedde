"""The stage of the API: its limits, its access log, and what it needs of the account."""

import json
from typing import Any

import pytest

from tests.support.template import logical_id, properties

# Variables of access logs that tell who calls, or may repeat what they send.
# https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-variables-for-access-logging.html
PRIVATE = ("identity", "authorizer", "path", "error.message", "integration.error", "integrationErr")


@pytest.fixture
def stage(production: Any) -> Any:
    """Return the properties of the stage."""
    (stage,) = properties(production, "AWS::ApiGateway::Stage").values()
    return stage


@pytest.fixture
def access_log(stage: Any) -> dict[str, str]:
    """Return the members of a line of the access log, with the variables that they have."""
    line: dict[str, str] = json.loads(stage["AccessLogSetting"]["Format"])
    return line


def test_every_deploy_moves_the_stage_to_a_new_deployment(production: Any, stage: Any) -> None:
    """A deployment with a stage name would create the stage, which only the first could set up."""
    ((deployment_id, deployment),) = properties(production, "AWS::ApiGateway::Deployment").items()
    assert logical_id(stage["DeploymentId"]) == deployment_id
    assert "StageName" not in deployment


def test_what_names_the_stage_is_created_after_it(production: Any, stage: Any) -> None:
    (stage_id,) = properties(production, "AWS::ApiGateway::Stage")
    for kind in ("AWS::ApiGateway::ApiKey", "AWS::ApiGateway::UsagePlan"):
        for resource in production["Resources"].values():
            if resource["Type"] == kind:
                assert stage["StageName"] in json.dumps(resource)
                assert resource["DependsOn"] == stage_id


def test_every_route_is_throttled_and_none_logs_bodies(stage: Any) -> None:
    (default,) = (each for each in stage["MethodSettings"] if each["ResourcePath"] == "/*")
    assert default["HttpMethod"] == "*"
    for settings in stage["MethodSettings"]:
        assert 0 < settings["ThrottlingRateLimit"] <= default["ThrottlingRateLimit"]
        assert 0 < settings["ThrottlingBurstLimit"] <= default["ThrottlingBurstLimit"]
        assert not settings["DataTraceEnabled"]
        assert settings["LoggingLevel"] == "OFF"


def test_the_access_log_has_no_address_user_agent_or_key(access_log: dict[str, str]) -> None:
    variables = [each for text in access_log.values() for each in text.split()]
    assert variables
    for variable in variables:
        assert variable.startswith("$context.")
        assert not variable.removeprefix("$context.").startswith(PRIVATE)


def test_the_access_log_has_the_id_of_error_responses_and_one_that_callers_cannot_choose(
    access_log: dict[str, str],
) -> None:
    assert {"$context.requestId", "$context.extendedRequestId"} <= set(access_log.values())


def test_a_role_for_logs_exists_before_the_stage_and_outlives_the_stack(production: Any) -> None:
    """API Gateway has one such role for the account and region: other stacks may need it."""
    resources = production["Resources"]
    (account_id,) = properties(production, "AWS::ApiGateway::Account")
    (stage_id,) = properties(production, "AWS::ApiGateway::Stage")
    assert resources[stage_id]["DependsOn"] == account_id
    role_id = logical_id(resources[account_id]["Properties"]["CloudWatchRoleArn"])
    for kept in (account_id, role_id):
        assert resources[kept]["DeletionPolicy"] == "RetainExceptOnCreate"
        assert resources[kept]["UpdateReplacePolicy"] == "Retain"
