"""The plan of a deploy: what changes between two templates, and what is refused."""

import json
import subprocess
import sys
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dev.service import ROOT
from plugins.plan.changes import find_changes
from plugins.plan.guard import find_refusals
from plugins.plan.schemas import CreateOnly
from plugins.plan.template import comparable, find_references

CODE = {"S3Bucket": {"Ref": "Bucket"}, "S3Key": "serverless/a/production/1-2026/hello.zip"}
TEMPLATE: dict[str, Any] = {
    "Parameters": {"Size": {"Type": "Number", "Default": 1}},
    "Conditions": {"IsBig": {"Fn::Equals": [{"Ref": "Size"}, 9]}},
    "Resources": {
        "Bucket": {"Type": "AWS::S3::Bucket"},
        "Table": {
            "Type": "AWS::DynamoDB::Table",
            "DeletionPolicy": "Retain",
            "UpdateReplacePolicy": "Retain",
            "Properties": {
                "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
                "TimeToLiveSpecification": {"AttributeName": "expires_at", "Enabled": True},
            },
        },
        "Queue": {"Type": "AWS::SQS::Queue", "Properties": {"VisibilityTimeout": 90}},
        "Secret": {"Type": "AWS::SecretsManager::Secret"},
        "Api": {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Name": "api"}},
        "Function": {
            "Type": "AWS::Lambda::Function",
            "Properties": {
                "FunctionName": "hello",
                "Code": CODE,
                "Timeout": 5,
                "Environment": {"Variables": {"TABLE": {"Ref": "Table"}}},
            },
        },
        "Mapping": {
            "Type": "AWS::Lambda::EventSourceMapping",
            "Properties": {
                "EventSourceArn": {"Fn::GetAtt": ["Table", "StreamArn"]},
                "FunctionName": {"Fn::Sub": "${Function.Arn}"},
            },
        },
        "ApiGatewayDeployment1": {
            "Type": "AWS::ApiGateway::Deployment",
            "Properties": {"RestApiId": {"Ref": "Api"}},
        },
        "Stage": {
            "Type": "AWS::ApiGateway::Stage",
            "Properties": {
                "RestApiId": {"Ref": "Api"},
                "DeploymentId": {"Ref": "ApiGatewayDeployment1"},
                "StageName": "production",
            },
        },
    },
}
GUARDED = ["Api", "Bucket", "Queue", "Secret", "Table"]


def changed(**properties: Any) -> dict[str, Any]:
    """Return the template with other properties: `Queue__VisibilityTimeout=91`."""
    template = deepcopy(TEMPLATE)
    for path, value in properties.items():
        name, *middle, last = path.split("__")
        place = template["Resources"][name].setdefault("Properties", {})
        for each in middle:
            place = place[each]
        place[last] = value
    return template


def without(*names: str) -> dict[str, Any]:
    """Return the template without some resources."""
    template = deepcopy(TEMPLATE)
    for name in names:
        del template["Resources"][name]
    return template


def plan(
    old: dict[str, Any], new: dict[str, Any], **digests: str
) -> dict[str, tuple[str, list[str], list[str]]]:
    """Return kind, paths and replacing paths of each change; `digests` has the new code."""
    templates = comparable(old, {"hello": "a"}), comparable(new, {"hello": "a"} | digests)
    changes = find_changes(*templates, CreateOnly("eu-central-1"))
    return {each.id: (each.kind, each.paths, each.replacing) for each in changes}


def refused(old: dict[str, Any], new: dict[str, Any], *allowed: str) -> dict[str, str]:
    """Return the refusals by id."""
    templates = comparable(old, {}), comparable(new, {})
    changes = find_changes(*templates, CreateOnly("eu-central-1"))
    return {each.id: each.reason for each in find_refusals(changes, templates[0], set(allowed))}


def test_a_second_deploy_of_the_same_code_changes_nothing() -> None:
    text = json.dumps(changed(Function__Code={**CODE, "S3Key": "serverless/a/production/2/h.zip"}))
    again = json.loads(text.replace("ApiGatewayDeployment1", "ApiGatewayDeployment22"))
    assert plan(TEMPLATE, again) == {}


def test_other_code_is_a_change_of_the_function() -> None:
    assert plan(TEMPLATE, TEMPLATE, hello="b") == {"Function": ("changed", ["Code"], [])}


def test_a_property_that_can_be_updated_is_a_change() -> None:
    new = changed(Queue__VisibilityTimeout=91, Table__TimeToLiveSpecification__Enabled=False)
    assert plan(TEMPLATE, new) == {
        "Queue": ("changed", ["VisibilityTimeout"], []),
        "Table": ("changed", ["TimeToLiveSpecification.Enabled"], []),
    }
    assert refused(TEMPLATE, new) == {}


def test_a_name_replaces_a_queue_which_is_refused() -> None:
    new = changed(Queue__QueueName="bells")
    assert plan(TEMPLATE, new) == {"Queue": ("replaced", ["QueueName"], ["QueueName"])}
    assert refused(TEMPLATE, new) == {
        "Queue": "the queue Queue would be replaced by a new one, because QueueName differs; "
        "the old one is deleted"
    }
    assert refused(TEMPLATE, new, "Queue") == {}


def test_a_replaced_table_replaces_what_can_only_be_made_with_its_stream() -> None:
    new = changed(Table__KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}])
    assert plan(TEMPLATE, new) == {
        "Table": ("replaced", ["KeySchema"], ["KeySchema"]),
        "Function": ("changed", ["Environment.Variables.TABLE"], []),
        "Mapping": ("replaced", ["EventSourceArn"], ["EventSourceArn"]),
    }
    assert "the old one stays behind, unused" in refused(TEMPLATE, new)["Table"]


def test_a_replacement_reaches_dependents_of_dependents() -> None:
    new = changed(Function__FunctionName="hi")
    assert plan(TEMPLATE, new)["Mapping"] == ("changed", ["FunctionName"], [])
    permission = {
        "Type": "AWS::Lambda::Permission",
        "Properties": {"FunctionName": {"Ref": "Function"}, "Principal": "sqs.amazonaws.com"},
    }
    for template in (old := deepcopy(TEMPLATE), new):
        template["Resources"]["Permission"] = permission
    assert plan(old, new)["Permission"] == ("replaced", ["FunctionName"], ["FunctionName"])


def test_a_renamed_function_is_removed_and_added() -> None:
    new = without("Function")
    new["Resources"]["Greeting"] = TEMPLATE["Resources"]["Function"]
    kinds = {name: kind for name, (kind, _, _) in plan(TEMPLATE, new).items()}
    assert kinds == {"Function": "removed", "Greeting": "added"}
    assert refused(TEMPLATE, new) == {}


@pytest.mark.parametrize("name", GUARDED)
def test_the_removal_of_what_holds_data_is_refused(name: str) -> None:
    fate = "leave the stack" if name == "Table" else "be deleted"
    assert f"would {fate}" in refused(TEMPLATE, without(name))[name]
    assert refused(TEMPLATE, without(name), name) == {}


def test_another_type_replaces_a_resource() -> None:
    new = without()
    new["Resources"]["Queue"]["Type"] = "AWS::SNS::Topic"
    assert plan(TEMPLATE, new)["Queue"] == ("replaced", ["Type"], ["Type"])
    assert "Queue" in refused(TEMPLATE, new)


def test_a_parameter_s_new_default_is_a_change_where_it_is_used() -> None:
    old = changed(
        Queue__VisibilityTimeout={"Ref": "Size"}, Queue__QueueName={"Fn::Sub": "q${Size}"}
    )
    new = deepcopy(old)
    new["Parameters"]["Size"]["Default"] = 2
    assert plan(old, new) == {
        "Queue": ("replaced", ["VisibilityTimeout", "QueueName"], ["QueueName"])
    }


def test_a_condition_that_changes_may_delete_a_table() -> None:
    old = without()
    old["Resources"]["Table"]["Condition"] = "IsBig"
    new = deepcopy(old)
    new["Parameters"]["Size"]["Default"] = 2
    assert plan(old, new)["Table"] == ("changed", ["Condition"], [])
    assert "if its Condition is false" in refused(old, new)["Table"]


def test_a_policy_of_deletion_is_shown_and_dependencies_are_not() -> None:
    new = without()
    new["Resources"]["Table"]["DeletionPolicy"] = "Delete"
    new["Resources"]["Queue"]["DependsOn"] = ["Table"]
    assert plan(TEMPLATE, new) == {"Table": ("changed", ["DeletionPolicy"], [])}


# A template without the deployment would refer to nothing.
names = st.sampled_from(sorted(TEMPLATE["Resources"].keys() - {"ApiGatewayDeployment1"}))


@given(st.sets(names), st.sets(names))
def test_every_resource_of_one_template_only_is_added_or_removed(
    first: set[str], second: set[str]
) -> None:
    kinds = {name: kind for name, (kind, _, _) in plan(without(*first), without(*second)).items()}
    added, removed = first - second, second - first
    assert kinds == dict.fromkeys(added, "added") | dict.fromkeys(removed, "removed")


@pytest.mark.parametrize(
    ("value", "references"),
    [
        ({"Ref": "A"}, {"A"}),
        ({"Fn::GetAtt": ["A", "Arn"]}, {"A"}),
        ({"Fn::GetAtt": "A.Arn"}, {"A"}),
        ({"Fn::Sub": "x${A}y${B.Arn}z${!C}"}, {"A", "B"}),
        ({"Fn::Sub": ["${A}", {"D": {"Ref": "E"}}]}, {"A", "E"}),
        ({"Fn::If": ["A", {"Ref": "B"}, "C"]}, {"A", "B"}),
        ([{"Fn::Join": ["", ["a", {"Ref": "A"}]]}], {"A"}),
        ({"Condition": {"Bool": {"aws:SecureTransport": "false"}}}, set()),
    ],
)
def test_references_are_found_in_every_function(value: Any, references: set[str]) -> None:
    assert find_references(value) == references


def run(status: str | None, deployed: Any) -> subprocess.CompletedProcess[str]:
    """Run the command."""
    request = {
        "stack": "a-production",
        "region": "eu-central-1",
        "stage": "production",
        "status": status,
        "deployed": deployed,
        "packaged": TEMPLATE,
        "digests": {"hello": "a"},
        "deployed_digests": {"hello": "a"},
        "allowed": [],
    }
    return subprocess.run(
        [sys.executable, "-m", "plugins.plan"],
        cwd=ROOT,
        input=json.dumps(request),
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("status", [None, "REVIEW_IN_PROGRESS"])
def test_of_a_first_deploy_all_is_new(status: str | None) -> None:
    result = run(status, None)
    assert result.returncode == 0, result.stderr
    assert "There is no such stack yet" in result.stdout
    assert "9 added, 0 changed, 0 replaced, 0 removed, 0 unchanged" in result.stdout


@pytest.mark.parametrize(
    ("status", "hint"),
    [
        ("ROLLBACK_COMPLETE", "Remove it, and deploy again."),
        ("UPDATE_IN_PROGRESS", "Wait until the other deploy has ended."),
        ("UPDATE_ROLLBACK_FAILED", "continue-update-rollback"),
    ],
)
def test_a_stack_that_cannot_be_updated_is_refused(status: str, hint: str) -> None:
    result = run(status, TEMPLATE)
    assert result.returncode == 3
    assert f"the stack is in the state {status}. " in result.stdout
    assert hint in result.stdout


def test_a_refusal_says_how_to_deploy_nevertheless() -> None:
    result = run("UPDATE_ROLLBACK_COMPLETE", changed(Queue__QueueName="old"))
    assert result.returncode == 3
    assert "  replaced  Queue (AWS::SQS::Queue): by QueueName\n" in result.stdout
    assert "npm run deploy -- --stage production --allow Queue\n" in result.stdout
    assert "90" not in result.stdout  # Values may be secrets.
