"""What parameters change in the production template: tracing, limits, a firewall, an origin."""

import json
from typing import Any

import pytest

from dev.cloud import Cloud
from dev.service_copy import THIS_PYTHON, ServiceCopy
from tests.support.template import logical_id, properties

ORIGIN = "https://example.com"
OPTIONS = {
    "corsOrigin": ORIGIN,
    "firewallLimit": 1000,
    "reservedConcurrency": 20,
    "tracing": "true",
}
XRAY = {"xray:PutTraceSegments", "xray:PutTelemetryRecords"}


@pytest.fixture(scope="module")
def with_options(service: ServiceCopy, cloud: Cloud) -> Any:
    """Return the template of the stage `production` with all options."""
    given = [f"--param={name}={value}" for name, value in OPTIONS.items()]
    stage = ["--stage", "production", "--package", "with-options"]
    service.run(cloud, "package", *stage, THIS_PYTHON, *given)
    compiled = service.folder / "with-options/cloudformation-template-update-stack.json"
    return json.loads(compiled.read_text(encoding="utf-8"))


def actions_of(template: Any, function: Any) -> set[str]:
    """Return what the role of a function allows on all resources."""
    role = template["Resources"][logical_id(function["Role"])]["Properties"]
    statements = [
        each for policy in role["Policies"] for each in policy["PolicyDocument"]["Statement"]
    ]
    return {action for each in statements if each["Resource"] == "*" for action in each["Action"]}


def test_functions_are_traced_and_may_send_traces_only_if_a_parameter_says_so(
    production: Any, with_options: Any
) -> None:
    for function in properties(production, "AWS::Lambda::Function").values():
        assert "TracingConfig" not in function
        assert actions_of(production, function) == set()
    for function in properties(with_options, "AWS::Lambda::Function").values():
        assert function["TracingConfig"] == {"Mode": "Active"}
        assert actions_of(with_options, function) == XRAY


def test_functions_have_reserved_concurrency_only_if_a_parameter_says_so(
    production: Any, with_options: Any
) -> None:
    for function in properties(production, "AWS::Lambda::Function").values():
        assert "ReservedConcurrentExecutions" not in function
    for function in properties(with_options, "AWS::Lambda::Function").values():
        assert function["ReservedConcurrentExecutions"] == OPTIONS["reservedConcurrency"]


def test_there_is_a_firewall_only_if_a_parameter_limits_an_address(
    production: Any, with_options: Any
) -> None:
    assert properties(production, "AWS::WAFv2::WebACL") == {}
    ((firewall_id, firewall),) = properties(with_options, "AWS::WAFv2::WebACL").items()
    assert firewall["DefaultAction"] == {"Allow": {}}
    (rule,) = firewall["Rules"]
    assert rule["Action"] == {"Block": {}}
    limit = rule["Statement"]["RateBasedStatement"]
    assert (limit["AggregateKeyType"], limit["Limit"]) == ("IP", OPTIONS["firewallLimit"])
    (association,) = properties(with_options, "AWS::WAFv2::WebACLAssociation").values()
    assert logical_id(association["WebACLArn"]) == firewall_id


def test_the_firewall_keeps_no_samples_of_requests(with_options: Any) -> None:
    """They would have addresses."""
    (firewall,) = properties(with_options, "AWS::WAFv2::WebACL").values()
    for each in (firewall, *firewall["Rules"]):
        assert not each["VisibilityConfig"]["SampledRequestsEnabled"]


def test_the_origin_of_a_parameter_is_the_only_one_that_may_read_a_response(
    with_options: Any,
) -> None:
    gateway = properties(with_options, "AWS::ApiGateway::GatewayResponse").values()
    for response in gateway:
        headers = response["ResponseParameters"]
        assert headers["gatewayresponse.header.Access-Control-Allow-Origin"] == f"'{ORIGIN}'"
        assert headers["gatewayresponse.header.Vary"] == "'origin'"
    for function in properties(with_options, "AWS::Lambda::Function").values():
        assert function["Environment"]["Variables"]["CORS_ALLOW_ORIGIN"] == ORIGIN
    methods = properties(with_options, "AWS::ApiGateway::Method").values()
    preflights = [each for each in methods if each["HttpMethod"] == "OPTIONS"]
    for preflight in preflights:
        (response,) = preflight["Integration"]["IntegrationResponses"]
        headers = response["ResponseParameters"]
        assert headers["method.response.header.Access-Control-Allow-Origin"] == f"'{ORIGIN}'"
        assert "method.response.header.Access-Control-Allow-Credentials" not in headers
    assert gateway
    assert preflights
