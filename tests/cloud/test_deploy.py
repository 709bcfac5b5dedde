"""Plain `serverless` commands deploy, inspect and remove the service."""

import json

from dev.clients import aws_client
from dev.cloud import REGION, Cloud
from dev.ports import any_free_port
from dev.service import API_ID, API_KEY
from dev.service_copy import ServiceCopy
from tests.support.events import BODY
from tests.support.responses import payload_of


def resources(cloud: Cloud) -> dict[str, list[str]]:
    """Return the names of all resources, by kind, that a deploy could have created."""

    def list_names(service: str, operation: str, items: str, name: str) -> list[str]:
        client = aws_client(cloud, service)
        found = client.get_paginator(operation).paginate().build_full_result()[items]
        return [item[name] for item in found if item.get("StackStatus") != "DELETE_COMPLETE"]

    return {
        "apis": list_names("apigateway", "get_rest_apis", "items", "id"),
        "buckets": list_names("s3", "list_buckets", "Buckets", "Name"),
        "functions": list_names("lambda", "list_functions", "Functions", "FunctionName"),
        "log groups": list_names("logs", "describe_log_groups", "logGroups", "logGroupName"),
        "roles": list_names("iam", "list_roles", "Roles", "RoleName"),
        "stacks": list_names("cloudformation", "list_stacks", "StackSummaries", "StackName"),
    }


def test_a_service_is_deployed_invoked_inspected_deployed_again_and_removed(
    service: ServiceCopy,
) -> None:
    with Cloud(any_free_port()) as cloud:
        before = resources(cloud)

        printed = service.run(cloud, "deploy")
        assert API_KEY not in printed  # Logs of CI keep what a deploy prints.
        deployed = resources(cloud)
        assert deployed["stacks"] == ["lucky-numbers-local"]
        assert deployed["apis"] == [API_ID]
        assert "lucky-numbers-local-lucky_numbers" in deployed["functions"]

        data = json.dumps({"body": BODY})
        invoked = service.run(cloud, "invoke", "--function", "lucky_numbers", "--data", data)
        assert len(payload_of(json.loads(invoked))["numbers"]) == 10
        info = service.run(cloud, "info")
        assert f"POST - https://{API_ID}.execute-api.{REGION}.amazonaws.com/local/lucky" in info
        assert API_KEY in info

        printed = service.run(cloud, "deploy")
        assert "Plan for" not in printed  # Only stages with data to lose are planned.
        assert resources(cloud) == deployed

        service.run(cloud, "remove")
        assert resources(cloud) == before
