"""`serverless plan` and `serverless deploy` say what changes, and keep what holds data."""

import platform
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from dev.clients import aws_client
from dev.cloud import Cloud
from dev.ports import any_free_port
from dev.serverless import serverless
from dev.service import SERVICE
from dev.service_copy import THIS_PYTHON, ServiceCopy
from dev.waiting import wait_until

STAGE = "production"
ARCHITECTURE = {"x86_64": "x86_64"}.get(platform.machine(), "arm64")
OPTIONS = [
    *("--stage", STAGE, THIS_PYTHON),
    *("--param=wheels=machine", f"--param=architecture={ARCHITECTURE}"),
]


def edit(service: ServiceCopy, name: str, old: str, new: str) -> None:
    """Change a file of the service."""
    path = Path(service.folder / name)
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def read_policy(cloud: Cloud) -> str:
    """Return the stack policy."""
    client = aws_client(cloud, "cloudformation")
    policy: str = client.get_stack_policy(StackName=f"{SERVICE}-{STAGE}")["StackPolicyBody"]
    return policy


@pytest.fixture(scope="module")
def production(tmp_path_factory: pytest.TempPathFactory) -> ServiceCopy:
    """Return a copy of the service, to change."""
    return ServiceCopy(tmp_path_factory.mktemp("production"))


def test_a_deploy_to_production_keeps_what_holds_data_unless_told_otherwise(
    production: ServiceCopy,
) -> None:
    with Cloud(any_free_port()) as cloud:
        assert "There is no such stack yet" in production.run(cloud, "plan", *OPTIONS)
        assert "Plan for lucky-numbers-production" in production.run(cloud, "deploy", *OPTIONS)
        nothing = "0 added, 0 changed, 0 replaced, 0 removed"
        assert nothing in production.run(cloud, "plan", *OPTIONS)

        edit(production, "hello/handler.py", "Hello, ", "Hallo, ")
        planned = production.run(cloud, "plan", *OPTIONS)
        assert "0 added, 1 changed, 0 replaced, 0 removed" in planned
        assert "  changed   HelloLambdaFunction (AWS::Lambda::Function): Code\n" in planned

        key = "{ AttributeName: sk, KeyType: RANGE }"
        edit(production, "items/resources.yml", key, key.replace("sk", "sk2"))
        attribute = "{ AttributeName: sk, AttributeType: S }"
        edit(production, "items/resources.yml", attribute, attribute.replace("sk", "sk2"))
        tables = aws_client(cloud, "dynamodb").list_tables()["TableNames"]
        for command in ("plan", "deploy"):
            refused = serverless(cloud, production.folder, command, *OPTIONS)
            assert refused.returncode == 1
            assert "the table ItemsTable would be replaced by a new one" in refused.stdout
            assert "The plan was refused; nothing is deployed." in refused.stdout
        assert aws_client(cloud, "dynamodb").list_tables()["TableNames"] == tables

        policy, exempt = read_policy(cloud), "LogicalResourceId/ItemsTable"
        assert "Deny" in policy
        with ThreadPoolExecutor() as pool:
            deploy = pool.submit(production.run, cloud, "deploy", *OPTIONS, "--allow", "ItemsTable")
            wait_until(lambda: deploy.done() or exempt in read_policy(cloud), deploy.done)
            assert not deploy.done()  # CloudFormation would refuse the update.
        assert "1 replaced" in deploy.result()
        assert read_policy(cloud) == policy
        assert nothing in production.run(cloud, "plan", *OPTIONS)
