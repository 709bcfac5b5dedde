"""The production template: the settings that the local cloud accepts but does not apply."""

import json
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from aws.sqs import BYTES_MAX
from invocation.deadline import RESPONSE_S
from pipeline.attempts import RETENTION_S
from pipeline.batch import DEAD_LETTERS_S, MESSAGE_S
from pipeline.dead_letters import ATTRIBUTES_MAX
from tests.support.template import (
    dead_letter_queues,
    event_sources,
    failure_destinations,
    function_id,
    logical_id,
    properties,
)

CONSUMER = function_id("update_cart_status")
PUBLIC = {
    "API_PATH",
    "AWS_LAMBDA_EXEC_WRAPPER",
    "CORS_ALLOW_ORIGIN",
    "METRICS_NAMESPACE",
    "VIEWER_HEADER",
}  # Environment variables that are not secret.


@pytest.fixture
def functions(production: Any) -> dict[str, Any]:
    """Return the properties of every function, by logical id."""
    return properties(production, "AWS::Lambda::Function")


@pytest.fixture
def queues(production: Any) -> dict[str, Any]:
    """Return the properties of every queue, by logical id."""
    return properties(production, "AWS::SQS::Queue")


def test_functions_run_on_the_version_of_python_that_tests_use(functions: dict[str, Any]) -> None:
    tested = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    assert {function["Runtime"] for function in functions.values()} == {tested}


def test_libraries_are_built_for_the_function_s_architecture(
    packaged: Path, functions: dict[str, Any]
) -> None:
    assert {function["Architectures"][0] for function in functions.values()} == {"arm64"}
    with zipfile.ZipFile(packaged / "bundle/lucky_numbers.zip") as archive:
        libraries = [name for name in archive.namelist() if name.endswith(".so")]
        assert libraries
        assert all("aarch64" in name for name in libraries)


def test_functions_log_requests_as_json(functions: dict[str, Any]) -> None:
    for function in functions.values():
        logging = function["LoggingConfig"]
        assert logging["LogFormat"] == "JSON"
        assert logging["ApplicationLogLevel"] in ("INFO", "DEBUG", "TRACE")


def test_every_log_group_has_a_retention(functions: dict[str, Any], production: Any) -> None:
    groups = properties(production, "AWS::Logs::LogGroup").values()
    assert all(group["RetentionInDays"] for group in groups)
    of_functions = {f"/aws/lambda/{function['FunctionName']}" for function in functions.values()}
    assert of_functions <= {group["LogGroupName"] for group in groups}


def test_every_function_has_its_own_role(functions: dict[str, Any]) -> None:
    roles = [logical_id(function["Role"]) for function in functions.values()]
    assert len(set(roles)) == len(roles)


def test_cloudformation_names_the_roles(production: Any) -> None:
    """Names with the stage and the region could have more than the 64 allowed characters."""
    for role in properties(production, "AWS::IAM::Role").values():
        assert "RoleName" not in role


def test_no_role_allows_anything_on_all_resources(production: Any) -> None:
    for role in properties(production, "AWS::IAM::Role").values():
        for policy in role.get("Policies", []):
            for statement in policy["PolicyDocument"]["Statement"]:
                assert "*" not in "".join(statement["Action"])
                assert statement["Resource"] != "*"


def test_no_secret_is_in_the_template(functions: dict[str, Any], production: Any) -> None:
    for secret in properties(production, "AWS::SecretsManager::Secret").values():
        assert "SecretString" not in secret
    for key in properties(production, "AWS::ApiGateway::ApiKey").values():
        assert "Value" not in key
    for function in functions.values():
        settings = function["Environment"]["Variables"]
        written_out = {name for name, value in settings.items() if isinstance(value, str)}
        assert written_out <= PUBLIC


def test_every_api_key_has_a_throttle_and_a_quota(production: Any) -> None:
    of_plans = properties(production, "AWS::ApiGateway::UsagePlanKey").values()
    limited = {logical_id(each["KeyId"]): logical_id(each["UsagePlanId"]) for each in of_plans}
    assert limited.keys() == properties(production, "AWS::ApiGateway::ApiKey").keys()
    for plan in properties(production, "AWS::ApiGateway::UsagePlan").values():
        assert plan["Throttle"]["RateLimit"] > 0
        assert plan["Quota"]["Limit"] > 0


def test_the_api_is_deployed_after_its_gateway_responses(production: Any) -> None:
    (deployment,) = (
        resource
        for resource in production["Resources"].values()
        if resource["Type"] == "AWS::ApiGateway::Deployment"
    )
    responses = properties(production, "AWS::ApiGateway::GatewayResponse")
    assert responses
    assert responses.keys() <= set(deployment["DependsOn"])


def test_gateway_responses_are_problem_details(production: Any) -> None:
    responses = properties(production, "AWS::ApiGateway::GatewayResponse").values()
    # The defaults for all types without a response of their own.
    assert {"DEFAULT_4XX", "DEFAULT_5XX"} <= {each["ResponseType"] for each in responses}
    for response in responses:
        headers = response["ResponseParameters"]
        assert headers["gatewayresponse.header.Access-Control-Allow-Origin"] == "'*'"
        assert headers["gatewayresponse.header.Content-Type"] == "'application/problem+json'"
        document = json.loads(response["ResponseTemplates"]["application/json"])
        assert list(document) == ["type", "title", "status", "detail", "instance"]
        assert str(document["status"]) == response["StatusCode"]
        assert document["instance"] == "$context.requestId"
        path, _, name = document["type"].rpartition("/")
        assert path == "/production/problems"
        assert name == document["title"].lower().replace(" ", "-")


def test_tables_and_secrets_outlive_the_stack_but_not_a_first_deploy_that_fails(
    production: Any,
) -> None:
    retained = ("AWS::DynamoDB::Table", "AWS::SecretsManager::Secret")
    resources = [each for each in production["Resources"].values() if each["Type"] in retained]
    assert resources
    for resource in resources:
        assert resource["DeletionPolicy"] == "RetainExceptOnCreate"
        assert resource["UpdateReplacePolicy"] == "Retain"
        # A table that is protected from the start could not be deleted after a failed deploy.
        assert "DeletionProtectionEnabled" not in resource["Properties"]


def test_every_table_can_be_restored(production: Any) -> None:
    for table in properties(production, "AWS::DynamoDB::Table").values():
        assert table["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"]


def test_every_queue_refuses_requests_without_tls(production: Any, queues: dict[str, Any]) -> None:
    refusing = set()
    for policy in properties(production, "AWS::SQS::QueuePolicy").values():
        (statement,) = policy["PolicyDocument"]["Statement"]
        (queue,) = map(logical_id, policy["Queues"])
        assert (statement["Effect"], statement["Principal"]) == ("Deny", "*")
        assert (statement["Action"], logical_id(statement["Resource"])) == ("sqs:*", queue)
        assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
        refusing.add(queue)
    assert refusing == queues.keys()


def test_event_sources_retry_only_the_items_that_a_function_reports(production: Any) -> None:
    for source in properties(production, "AWS::Lambda::EventSourceMapping").values():
        assert source["FunctionResponseTypes"] == ["ReportBatchItemFailures"]


def test_retries_of_a_record_do_not_block_the_stream_forever(production: Any) -> None:
    (source,) = event_sources(production, function_id("process_cart_products"))
    assert 0 <= source["MaximumRetryAttempts"] <= 100  # -1 is infinite.
    assert source["BisectBatchOnFunctionError"]  # Otherwise one bad record fails its whole batch.


def test_a_function_and_its_event_source_share_a_dead_letter_queue(
    production: Any, functions: dict[str, Any], queues: dict[str, Any]
) -> None:
    (stream,) = failure_destinations(production)
    producer = functions[function_id("process_cart_products")]["Environment"]["Variables"]
    assert logical_id(producer["DEAD_LETTER_QUEUE"]) == logical_id(stream)
    redriven_to = queues["OrdersQueue"]["RedrivePolicy"]["deadLetterTargetArn"]
    consumer = functions[CONSUMER]["Environment"]["Variables"]
    assert logical_id(consumer["DEAD_LETTER_QUEUE"]) == logical_id(redriven_to)


def test_a_message_that_is_always_throttled_becomes_a_dead_letter_before_it_expires(
    queues: dict[str, Any],
) -> None:
    """And not long before: SQS counts receives, of which none may be an attempt."""
    queue = queues["OrdersQueue"]
    receives_s = queue["RedrivePolicy"]["maxReceiveCount"] * queue["VisibilityTimeout"]
    assert queue["MessageRetentionPeriod"] / 4 < receives_s < queue["MessageRetentionPeriod"]


def test_messages_wait_on_the_queue_until_there_is_room_for_them(template: Any) -> None:
    (source,) = event_sources(template, CONSUMER)
    assert source["ScalingConfig"]["MaximumConcurrency"]


def test_attempts_are_kept_as_long_as_their_messages(template: Any, queues: dict[str, Any]) -> None:
    table = properties(template, "AWS::DynamoDB::Table")["OrdersAttempts"]
    assert table["TimeToLiveSpecification"] == {"AttributeName": "expires_at", "Enabled": True}
    assert queues["OrdersQueue"]["MessageRetentionPeriod"] <= RETENTION_S


def test_a_batch_has_time_for_an_attempt_at_each_message_and_dead_letters(
    production: Any, functions: dict[str, Any]
) -> None:
    (source,) = event_sources(production, CONSUMER)
    needed_s = source["BatchSize"] * MESSAGE_S + DEAD_LETTERS_S + RESPONSE_S
    assert functions[CONSUMER]["Timeout"] > needed_s


def test_the_visibility_timeout_is_six_times_the_function_s_timeout(
    functions: dict[str, Any], queues: dict[str, Any]
) -> None:
    """As AWS advises: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html."""
    visibility_timeout_s = queues["OrdersQueue"]["VisibilityTimeout"]
    assert visibility_timeout_s >= 6 * functions[CONSUMER]["Timeout"]


def test_the_largest_message_fits_a_dead_letter_with_its_attributes(queues: dict[str, Any]) -> None:
    assert queues["OrdersQueue"]["MaximumMessageSize"] + ATTRIBUTES_MAX <= BYTES_MAX


def test_dead_letters_are_retained_longer_than_messages(
    production: Any, queues: dict[str, Any]
) -> None:
    of_dead_letters = dead_letter_queues(production)
    retentions_s = [
        queue["MessageRetentionPeriod"]
        for name, queue in queues.items()
        if name not in of_dead_letters
    ]
    assert retentions_s
    for name in of_dead_letters:
        assert queues[name]["MessageRetentionPeriod"] > max(retentions_s)
