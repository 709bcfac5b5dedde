"""What a deploy asks AWS for: the compiled CloudFormation template of the stage `dev`."""

import json
import sys
from typing import Any

import pytest

from aws.sqs import BYTES_MAX
from dev.cloud import Cloud
from gateway import problem
from pipeline.parking import ATTRIBUTES_MAX
from pipeline.queue import ATTEMPTS_MAX
from tests.support.service import Service
from tests.support.template import properties

# X-Ray's actions name no resource: AWS documents "*" as theirs.
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html
TRACING = {"xray:PutTraceSegments", "xray:PutTelemetryRecords"}
LOGGING = {"logs:CreateLogStream", "logs:PutLogEvents"}
# What Lambda does under a function's role.
READING_A_STREAM = (
    "dynamodb:DescribeStream dynamodb:GetRecords dynamodb:GetShardIterator dynamodb:ListStreams"
)
READING_A_QUEUE = "sqs:DeleteMessage sqs:GetQueueAttributes sqs:ReceiveMessage"


def test_every_function_runs_traced_and_logs_json_on_arm64(functions: dict[str, Any]) -> None:
    assert functions
    for function in functions.values():
        assert function["Architectures"] == ["arm64"]
        assert function["Runtime"] == f"python{sys.version_info[0]}.{sys.version_info[1]}"
        assert function["TracingConfig"] == {"Mode": "Active"}
        assert function["LoggingConfig"]["LogFormat"] == "JSON"
        assert function["LoggingConfig"]["ApplicationLogLevel"] == "INFO"


def test_every_function_has_a_log_group_with_an_end(
    functions: dict[str, Any], template: Any
) -> None:
    groups = properties(template, "AWS::Logs::LogGroup").values()
    retention = {group["LogGroupName"]: group["RetentionInDays"] for group in groups}
    names = [f"/aws/lambda/{function['FunctionName']}" for function in functions.values()]
    assert retention == dict.fromkeys(names, 30)


def test_every_function_has_a_role_of_its_own(functions: dict[str, Any], template: Any) -> None:
    roles = [function["Role"]["Fn::GetAtt"][0] for function in functions.values()]
    assert sorted(roles) == sorted(properties(template, "AWS::IAM::Role"))


def test_no_role_may_do_more_than_it_names(functions: dict[str, Any], template: Any) -> None:
    for role in properties(template, "AWS::IAM::Role").values():
        assert not role.get("ManagedPolicyArns")
        for policy in role["Policies"]:
            for statement in policy["PolicyDocument"]["Statement"]:
                actions = set(statement["Action"])
                assert not any("*" in action for action in actions)
                if actions == LOGGING:
                    (resource,) = statement["Resource"]
                    group, streams = resource["Fn::Sub"].rsplit(":log-group:")[1].split(":", 1)
                    assert group.removeprefix("/aws/lambda/") in {
                        function["FunctionName"] for function in functions.values()
                    }
                    assert streams == "*:*"
                elif statement["Resource"] == "*":
                    assert actions == TRACING
                else:
                    assert "*" not in json.dumps(statement["Resource"])


@pytest.mark.parametrize(
    ("role", "actions"),
    [
        ("Applaud", "dynamodb:BatchGetItem dynamodb:PutItem dynamodb:UpdateItem"),
        ("CreateUnderscoreitem", "dynamodb:PutItem"),
        ("DeleteUnderscoreitem", "dynamodb:DeleteItem"),
        ("Hello", ""),
        ("ListUnderscoreitems", "dynamodb:Scan"),
        ("LuckyUnderscorenumbers", ""),
        ("PlaceUnderscoreorder", "dynamodb:BatchGetItem dynamodb:GetItem dynamodb:PutItem"),
        ("ProcessUnderscorecartUnderscoreproducts", f"{READING_A_STREAM} sqs:SendMessage"),
        ("ReadUnderscoreclaps", "dynamodb:BatchGetItem"),
        ("ReadUnderscoreitem", "dynamodb:GetItem"),
        ("ReadUnderscoreorder", "dynamodb:GetItem"),
        ("ReadUnderscoreweb", ""),
        ("ReplaceUnderscoreitem", "dynamodb:UpdateItem"),
        (
            "UpdateUnderscorecartUnderscorestatus",
            f"{READING_A_QUEUE} dynamodb:UpdateItem sqs:SendMessage",
        ),
    ],
)
def test_a_role_has_the_actions_of_its_work_besides_logs_and_traces(
    template: Any, role: str, actions: str
) -> None:
    policies = template["Resources"][f"{role}IamRoleLambdaExecution"]["Properties"]["Policies"]
    statements = policies[0]["PolicyDocument"]["Statement"]
    granted = {action for statement in statements for action in statement["Action"]}
    assert granted == LOGGING | TRACING | set(actions.split())


def test_the_api_takes_bodies_as_they_are_sent(template: Any) -> None:
    (api,) = properties(template, "AWS::ApiGateway::RestApi").values()
    assert api["BinaryMediaTypes"] == ["*/*"]


def test_a_deployment_holds_the_gateway_s_own_errors(template: Any) -> None:
    (deployment,) = (
        resource
        for resource in template["Resources"].values()
        if resource["Type"] == "AWS::ApiGateway::Deployment"
    )
    assert properties(template, "AWS::ApiGateway::GatewayResponse").keys() <= set(
        deployment["DependsOn"]
    )


def test_the_gateway_s_own_errors_are_problems_like_ours(template: Any) -> None:
    ours = {
        kind.status: (kind.title, kind.type)
        for kind in vars(problem).values()
        if isinstance(kind, type) and issubclass(kind, problem.Problem) and hasattr(kind, "status")
    }
    responses = properties(template, "AWS::ApiGateway::GatewayResponse")
    assert len(responses) == 18
    for response in responses.values():
        headers = response["ResponseParameters"]
        assert headers["gatewayresponse.header.Access-Control-Allow-Origin"] == "'*'"
        assert headers["gatewayresponse.header.Content-Type"] == "'application/problem+json'"
        document = json.loads(response["ResponseTemplates"]["application/json"])
        assert list(document) == ["type", "title", "status", "detail", "instance"]
        assert str(document["status"]) == response["StatusCode"]
        assert document["instance"] == "$context.requestId"
        kind = (document["title"], document["type"])
        assert ours.get(document["status"], kind) == kind


@pytest.fixture(scope="module")
def kept(service: Service, cloud: Cloud) -> Any:
    """Return the template of a stage whose data nobody may lose."""
    service.run(cloud, "package", "--stage", "production", "--package", "kept")
    packaged = service.folder / "kept" / "cloudformation-template-update-stack.json"
    return json.loads(packaged.read_text(encoding="utf-8"))


def test_a_table_costs_what_it_is_used_and_can_be_restored(template: Any) -> None:
    tables = properties(template, "AWS::DynamoDB::Table").values()
    assert tables
    for table in tables:
        assert table["BillingMode"] == "PAY_PER_REQUEST"
        assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
        assert table["SSESpecification"] == {"SSEEnabled": True}


def test_the_claps_table_forgets_keys_by_itself(template: Any) -> None:
    table = template["Resources"]["ClapsTable"]["Properties"]
    expiry = {"AttributeName": "expires_at", "Enabled": True}
    assert table["TimeToLiveSpecification"] == expiry


def test_what_is_kept_outlives_its_stack_but_for_stages_to_play_with(
    template: Any, kept: Any
) -> None:
    for stage, policy in ((template, "Delete"), (kept, "Retain")):
        for resource in stage["Resources"].values():
            if resource["Type"] in ("AWS::DynamoDB::Table", "AWS::SecretsManager::Secret"):
                assert resource["DeletionPolicy"] == policy
                assert resource["UpdateReplacePolicy"] == policy


def test_no_secret_is_in_the_template(template: Any) -> None:
    variables = properties(template, "AWS::Lambda::Function")["ApplaudLambdaFunction"]
    secret = variables["Environment"]["Variables"]["SECRET"]
    assert secret == {"Fn::Sub": "{{resolve:secretsmanager:${Secret}}}"}


def test_orders_need_an_api_key_and_each_key_has_a_throttle_and_a_quota(template: Any) -> None:
    methods = properties(template, "AWS::ApiGateway::Method")
    private = {name for name in methods if methods[name].get("ApiKeyRequired")}
    assert private == {
        "ApiGatewayMethodOrdersPost",
        "ApiGatewayMethodOrdersOrderidVarGet",
    }
    (plan,) = properties(template, "AWS::ApiGateway::UsagePlan").values()
    assert plan["Throttle"] == {"RateLimit": 25, "BurstLimit": 50}
    assert plan["Quota"] == {"Limit": 100_000, "Period": "MONTH"}
    (key,) = properties(template, "AWS::ApiGateway::ApiKey").values()
    assert "Value" not in key  # API Gateway makes it up.
    assert len(properties(template, "AWS::ApiGateway::UsagePlanKey")) == 1


def test_only_new_orders_come_from_the_stream(template: Any) -> None:
    source = event_source(template, "OrdersTable")
    (pattern,) = source["FilterCriteria"]["Filters"]
    assert json.loads(pattern["Pattern"]) == {
        "eventName": ["INSERT"],
        "dynamodb": {"NewImage": {"order_status": {"S": ["ORDERED"]}}},
    }
    stream = template["Resources"]["OrdersTable"]["Properties"]["StreamSpecification"]
    assert stream == {"StreamViewType": "NEW_IMAGE"}


def test_no_record_holds_up_the_stream_and_none_is_lost(template: Any) -> None:
    source = event_source(template, "OrdersTable")
    assert source["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert source["BisectBatchOnFunctionError"] is True
    assert source["MaximumRetryAttempts"] == 20
    assert source["StartingPosition"] == "TRIM_HORIZON"
    on_failure = source["DestinationConfig"]["OnFailure"]["Destination"]
    assert on_failure == {"Fn::GetAtt": ["OrdersStreamFailures", "Arn"]}


def test_a_message_is_tried_alone_three_times_and_then_kept(template: Any) -> None:
    source = event_source(template, "OrdersQueue")
    assert source["BatchSize"] == 5
    assert source["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    policy = template["Resources"]["OrdersQueue"]["Properties"]["RedrivePolicy"]
    assert policy["deadLetterTargetArn"] == {"Fn::GetAtt": ["OrdersDeadLetters", "Arn"]}
    # Then the function parks it; the queue itself would only if that failed, and without a reason.
    assert policy["maxReceiveCount"] > ATTEMPTS_MAX == 3


def test_what_the_queue_takes_can_be_parked_with_attributes(template: Any) -> None:
    size_bytes = template["Resources"]["OrdersQueue"]["Properties"]["MaximumMessageSize"]
    assert size_bytes == BYTES_MAX - ATTRIBUTES_MAX


def test_a_message_stays_hidden_for_six_times_as_long_as_its_function_may_take(
    template: Any, functions: dict[str, Any]
) -> None:
    timeout_s = functions["UpdateUnderscorecartUnderscorestatusLambdaFunction"]["Timeout"]
    queue = template["Resources"]["OrdersQueue"]["Properties"]
    assert queue["VisibilityTimeout"] >= 6 * timeout_s


def test_what_is_parked_stays_longer_than_what_waits(template: Any) -> None:
    queues = properties(template, "AWS::SQS::Queue")
    waits_s = queues.pop("OrdersQueue")["MessageRetentionPeriod"]
    assert len(queues) == 2
    for queue in queues.values():
        assert queue["MessageRetentionPeriod"] == 14 * 24 * 3600 > waits_s


def test_queues_are_encrypted(template: Any) -> None:
    for queue in properties(template, "AWS::SQS::Queue").values():
        assert queue["SqsManagedSseEnabled"] is True


FORWARDER = {"Ref": "ProcessUnderscorecartUnderscoreproductsLambdaFunction"}
DEPTH = "ApproximateNumberOfMessagesVisible"


@pytest.mark.parametrize(
    ("alarm", "metric", "watched"),
    [
        ("DeadLetters", DEPTH, {"Fn::GetAtt": ["OrdersDeadLetters", "QueueName"]}),
        ("StreamFailures", DEPTH, {"Fn::GetAtt": ["OrdersStreamFailures", "QueueName"]}),
        ("QueueAge", "ApproximateAgeOfOldestMessage", {"Fn::GetAtt": ["OrdersQueue", "QueueName"]}),
        ("StreamLoss", "DestinationDeliveryFailures", FORWARDER),
        ("StreamAge", "IteratorAge", FORWARDER),
    ],
)
def test_an_alarm_tells_what_is_parked_or_waits_for_long(
    template: Any, alarm: str, metric: str, watched: Any
) -> None:
    found = template["Resources"][f"Orders{alarm}Alarm"]["Properties"]
    assert found["MetricName"] == metric
    assert [each["Value"] for each in found["Dimensions"]] == [watched]
    assert found["AlarmActions"] == [{"Ref": "Alarms"}]
    assert found["ComparisonOperator"] == "GreaterThanThreshold"
    assert found["Statistic"] in ("Maximum", "Sum")


def event_source(template: Any, source: str) -> Any:
    """Return the properties of the event source mapping of a table or a queue."""
    mappings = properties(template, "AWS::Lambda::EventSourceMapping").values()
    (found,) = (each for each in mappings if each["EventSourceArn"]["Fn::GetAtt"][0] == source)
    return found
