"""ops/deployers.yml allows what deploys need, and the roles of GitHub nothing else."""

import fnmatch
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from cfnlint.decode import cfn_yaml
from cfnlint.schema import PROVIDER_SCHEMA_MANAGER

from dev.clients import aws_client
from dev.cloud import REGION, Cloud
from dev.service import ROOT, SERVICE, STAGE
from dev.service_copy import ServiceCopy

FILE = ROOT / "ops/deployers.yml"
STACK = f"deployers-of-{SERVICE}"
# Of the actions of CloudFormation's handlers: what no resource of the service has, by pattern.
UNUSED = [
    # Keys, networks and file systems of one's own; code signing, scaling, capacity.
    *(
        "ec2:*",
        "elasticfilesystem:*",
        "firehose:*",
        "kinesis:*",
        "kms:*",
        "s3files:*",
        "s3tables:*",
    ),
    *("lambda:*CodeSigningConfig", "lambda:*Scaling*", "lambda:AssociateRuntimeAlias"),
    *("lambda:PassCapacityProvider", "lambda:PublishVersion"),
    # Of tables: replicas, imports, resource policies that are set, change data streams.
    *("dynamodb:*KinesisStreaming*", "dynamodb:*Replica", "dynamodb:*Import*"),
    *("dynamodb:*ResourcePolicy", "dynamodb:BatchWriteItem", "dynamodb:PutItem", "dynamodb:Query"),
    *("dynamodb:GetItem", "dynamodb:Scan", "dynamodb:UpdateItem", "iam:CreateServiceLinkedRole"),
    *("logs:CreateLogStream", "logs:PutLogEvents", "logs:*KmsKey", "s3:REST.PUT.OBJECT"),
    # Of logs: data protection that is set, indexes, tokens, protection from deletion.
    *("logs:*DataProtectionPolicy", "logs:*Index*", "logs:*BearerToken*", "logs:*Protection"),
    *("logs:DeleteResourcePolicy", "sns:PutDataProtectionPolicy", "secretsmanager:*Region*"),
    # Of roles: managed policies and boundaries. Of APIs: resource policies.
    *("iam:*RolePermissionsBoundary", "apigateway:UpdateRestApiPolicy"),
    # Firewalls of other services.
    *("amplify:*", "apprunner:*", "appsync:*", "bedrock-agentcore:*", "cognito-idp:*"),
    *("elasticloadbalancing:*", "payments:*", "wafv2:PutPermissionPolicy"),
    "wafv2:GetPermissionPolicy",
]
# Without names of their own: API Gateway's ids, event source mappings.
NAMELESS = ("apigateway", "lambda:*:${AWS::AccountId}:event-source-mapping", "wafv2", "Secret-*")


def read() -> Any:
    """Return the template."""
    return json.loads(json.dumps(cfn_yaml.load(str(FILE)), default=str))


def statements(policy: str) -> list[Any]:
    """Return the statements of a policy of the template."""
    document = read()["Resources"][policy]["Properties"]["PolicyDocument"]
    found: list[Any] = document["Statement"]
    return found


def listed(one_or_more: Any) -> list[Any]:
    """Return a list as it is, and anything else in a list."""
    return one_or_more if isinstance(one_or_more, list) else [one_or_more]


def is_allowed(action: str) -> bool:
    """Whether the policy of deployers has an action."""
    patterns = [each for part in statements("DeployPolicy") for each in listed(part["Action"])]
    return any(fnmatch.fnmatchcase(action.lower(), each.lower()) for each in patterns)


def actions_of(resource_type: str) -> set[str]:
    """Return what CloudFormation does to create, read, update and delete a resource of a type."""
    schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema(REGION, resource_type).schema
    return {
        action
        for name in ("create", "read", "update", "delete")
        for action in schema.get("handlers", {}).get(name, {}).get("permissions", [])
        if not any(fnmatch.fnmatchcase(action, each) for each in UNUSED)
    }


def test_deployers_may_do_what_cloudformation_does_for_each_type_of_resource(template: Any) -> None:
    types = {each["Type"] for each in template["Resources"].values()}
    missing = {
        each: sorted(action for action in actions_of(each) if not is_allowed(action))
        for each in types
    }
    assert {name: actions for name, actions in missing.items() if actions} == {}
    assert all(actions_of(each) for each in types)


def test_the_policy_names_resources_of_the_service_only() -> None:
    for policy in ("DeployPolicy", "PlanPolicy"):
        for statement in statements(policy):
            for resource in listed(statement["Resource"]):
                if resource == "*":  # Of actions that take no resource.
                    assert "iam" not in json.dumps(statement["Action"])
                elif not any(each in resource["Fn::Sub"] for each in NAMELESS):
                    assert "${Service}-*" in resource["Fn::Sub"]


def test_a_managed_policy_has_room_for_it() -> None:
    for policy in ("DeployPolicy", "PlanPolicy"):
        # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
        assert len(json.dumps(statements(policy), separators=(",", ":"))) < 6144 - 500


def test_the_roles_could_not_change_themselves() -> None:
    assert not STACK.startswith(SERVICE)
    assert STACK in (ROOT / "docs/operations.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def roles(cloud: Cloud, api_url: str) -> Iterator[dict[str, dict[str, str]]]:
    """Return the credentials of each role, as environment variables."""
    assert api_url
    made = read()
    del made["Resources"]["GitHub"]  # The local cloud has no such type, and no tokens of GitHub.
    for name in ("DeployRole", "PlanRole"):
        (trust,) = made["Resources"][name]["Properties"]["AssumeRolePolicyDocument"]["Statement"]
        del trust["Condition"]
        trust |= {"Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}
    stacks = aws_client(cloud, "cloudformation")
    parameters = [{"ParameterKey": "Repository", "ParameterValue": "ada/lucky-numbers"}]
    stacks.create_stack(
        StackName=STACK,
        TemplateBody=json.dumps(made),
        Parameters=parameters,
        Capabilities=["CAPABILITY_IAM"],
    )
    stacks.get_waiter("stack_create_complete").wait(StackName=STACK, WaiterConfig={"Delay": 1})
    outputs = stacks.describe_stacks(StackName=STACK)["Stacks"][0]["Outputs"]
    arns = {each["OutputKey"]: each["OutputValue"] for each in outputs}
    # Its policy refuses what does not come by TLS, which the local cloud does not have.
    s3, bucket = aws_client(cloud, "s3"), deployment_bucket(cloud)
    policy = s3.get_bucket_policy(Bucket=bucket)["Policy"]
    s3.delete_bucket_policy(Bucket=bucket)
    yield {name: assume(cloud, arns[name]) for name in ("DeployRole", "PlanRole")}
    s3.put_bucket_policy(Bucket=bucket, Policy=policy)
    stacks.delete_stack(StackName=STACK)


def deployment_bucket(cloud: Cloud) -> str:
    """Return the name of the bucket with the code."""
    detail = aws_client(cloud, "cloudformation").describe_stack_resource(
        StackName=f"{SERVICE}-{STAGE}", LogicalResourceId="ServerlessDeploymentBucket"
    )["StackResourceDetail"]
    return str(detail["PhysicalResourceId"])


def assume(cloud: Cloud, arn: str) -> dict[str, str]:
    """Return the credentials of a role."""
    credentials = aws_client(cloud, "sts").assume_role(RoleArn=arn, RoleSessionName="deployer")
    return {
        "AWS_ACCESS_KEY_ID": credentials["Credentials"]["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": credentials["Credentials"]["SecretAccessKey"],
        "AWS_SESSION_TOKEN": credentials["Credentials"]["SessionToken"],
    }


def run(
    service: ServiceCopy, cloud: Cloud, role: dict[str, str], *command: str
) -> subprocess.CompletedProcess[str]:
    """Run a command as a role."""
    return subprocess.run(
        [*command, "--stage", STAGE],
        cwd=service.folder,
        env={**cloud.environment(), **role, "PATH": os.environ["PATH"]},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_role_of_pull_requests_may_plan_and_may_not_deploy(
    service: ServiceCopy, cloud: Cloud, roles: dict[str, dict[str, str]]
) -> None:
    serverless = "node_modules/.bin/serverless"
    planned = run(service, cloud, roles["PlanRole"], serverless, "plan")
    assert planned.returncode == 0, planned.stdout + planned.stderr
    assert "Plan for" in planned.stdout
    deployed = run(service, cloud, roles["PlanRole"], serverless, "deploy", "--force")
    assert deployed.returncode != 0
    client = aws_client(cloud, "secretsmanager", roles["PlanRole"])
    with pytest.raises(client.exceptions.ClientError, match="not authorized"):
        client.list_secrets()


def test_the_role_of_tags_may_deploy_and_call_what_is_deployed(
    service: ServiceCopy, cloud: Cloud, roles: dict[str, dict[str, str]]
) -> None:
    serverless = "node_modules/.bin/serverless"
    deployed = run(service, cloud, roles["DeployRole"], serverless, "deploy", "--force")
    assert deployed.returncode == 0, deployed.stdout + deployed.stderr
    called = run(service, cloud, roles["DeployRole"], sys.executable, "-m", "ops.smoke")
    assert "as expected" in called.stdout, called.stderr
    assert "not authorized" not in called.stdout
    assert "the order is deleted from the table" in called.stdout
