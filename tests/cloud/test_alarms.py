"""The alarms and the dashboard of the production template."""

import json
import re
from typing import Any

import pytest

from tests.support.docs import read_page
from tests.support.functions import FUNCTIONS
from tests.support.template import (
    dead_letter_queues,
    event_sources,
    function_id,
    logical_id,
    properties,
)

PRODUCER = function_id("process_cart_products")
STREAM_RETENTION_S = 24 * 3600  # Of a record, in DynamoDB.


@pytest.fixture
def alarms(production: Any) -> dict[str, Any]:
    """Return the properties of every alarm, by logical id."""
    return properties(production, "AWS::CloudWatch::Alarm")


def alarms_on(alarms: dict[str, Any], metric: str, resource: Any) -> list[Any]:
    """Return the alarms on a metric of a resource, by the value of its only dimension."""
    return [
        alarm
        for alarm in alarms.values()
        if alarm.get("MetricName") == metric
        and [each["Value"] for each in alarm["Dimensions"]] == [resource]
    ]


def test_every_function_has_an_alarm_on_its_first_error_and_throttle(
    production: Any, alarms: dict[str, Any]
) -> None:
    functions = properties(production, "AWS::Lambda::Function").values()
    assert len(functions) == len(FUNCTIONS)
    for function in functions:
        for metric in ("Errors", "Throttles"):
            (alarm,) = alarms_on(alarms, metric, function["FunctionName"])
            assert (alarm["Statistic"], alarm["Threshold"]) == ("Sum", 0)
            assert alarm["ComparisonOperator"] == "GreaterThanThreshold"


def test_every_table_has_an_alarm_on_throttles_and_system_errors(
    production: Any, alarms: dict[str, Any]
) -> None:
    queries = [
        alarm["Metrics"][0]["Expression"]["Fn::Sub"]
        for alarm in alarms.values()
        if "Metrics" in alarm
    ]
    for table in properties(production, "AWS::DynamoDB::Table"):
        on_table = [query for query in queries if query.endswith(f"= '${{{table}}}'")]
        counted = {re.findall(r"SUM\((\w+)\)", query)[0] for query in on_table}
        assert counted == {"ThrottledRequests", "SystemErrors"}


def test_the_api_has_alarms_on_its_rate_of_5xx_and_on_its_p99(
    production: Any, alarms: dict[str, Any]
) -> None:
    (stage,) = properties(production, "AWS::ApiGateway::Stage").values()
    (api,) = properties(production, "AWS::ApiGateway::RestApi").values()
    of_api = {
        each["MetricName"]: each
        for each in alarms.values()
        if each.get("Namespace") == "AWS/ApiGateway"
    }
    assert (of_api["5XXError"]["Statistic"], of_api["Latency"]["ExtendedStatistic"]) == (
        "Average",
        "p99",
    )
    for alarm in of_api.values():
        dimensions = {each["Name"]: each["Value"] for each in alarm["Dimensions"]}
        assert dimensions == {"ApiName": api["Name"], "Stage": stage["StageName"]}


def test_the_first_dead_letter_of_a_queue_triggers_an_alarm(
    production: Any, alarms: dict[str, Any]
) -> None:
    queues = dead_letter_queues(production)
    assert len(queues) == 2
    for queue in queues:
        name = {"Fn::GetAtt": [queue, "QueueName"]}
        (alarm,) = alarms_on(alarms, "ApproximateNumberOfMessagesVisible", name)
        assert alarm["ComparisonOperator"] == "GreaterThanThreshold"
        assert alarm["Threshold"] == 0


def test_a_dead_letter_that_lambda_cannot_deliver_triggers_an_alarm(alarms: dict[str, Any]) -> None:
    (alarm,) = alarms_on(alarms, "DestinationDeliveryFailures", {"Ref": PRODUCER})
    assert alarm["Threshold"] == 0


def test_a_stream_that_nobody_polls_triggers_an_alarm(
    production: Any, alarms: dict[str, Any]
) -> None:
    """Lambda reports 0 polled records while it polls, and nothing when it does not."""
    (source,) = event_sources(production, PRODUCER)
    assert source["MetricsConfig"] == {"Metrics": ["EventCount"]}
    (alarm,) = (each for each in alarms.values() if each.get("MetricName") == "PolledEventCount")
    (dimension,) = alarm["Dimensions"]
    mapping = production["Resources"][logical_id(dimension["Value"])]
    assert mapping["Properties"] == source
    assert alarm["TreatMissingData"] == "breaching"
    assert (alarm["ComparisonOperator"], alarm["Threshold"]) == ("LessThanThreshold", 0)


def test_a_backlog_triggers_an_alarm_long_before_it_is_lost(
    production: Any, alarms: dict[str, Any]
) -> None:
    queue = properties(production, "AWS::SQS::Queue")["OrdersQueue"]
    name = {"Fn::GetAtt": ["OrdersQueue", "QueueName"]}
    (on_queue,) = alarms_on(alarms, "ApproximateAgeOfOldestMessage", name)
    assert on_queue["Threshold"] < queue["MessageRetentionPeriod"] / 10
    (on_stream,) = alarms_on(alarms, "IteratorAge", {"Ref": PRODUCER})
    assert on_stream["Threshold"] / 1000 < STREAM_RETENTION_S / 10


def test_alarms_notify_a_topic_to_which_only_cloudwatch_publishes_and_only_by_tls(
    production: Any, alarms: dict[str, Any]
) -> None:
    (topic,) = properties(production, "AWS::SNS::Topic")
    for alarm in alarms.values():
        assert alarm["AlarmActions"] == [{"Ref": topic}]
        assert alarm["AlarmDescription"]
    (policy,) = properties(production, "AWS::SNS::TopicPolicy").values()
    assert policy["Topics"] == [{"Ref": topic}]
    allowed, denied = policy["PolicyDocument"]["Statement"]
    assert allowed["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
    assert denied["Effect"] == "Deny"
    assert denied["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_nobody_is_subscribed_unless_a_parameter_names_them(production: Any) -> None:
    assert properties(production, "AWS::SNS::Subscription") == {}


def test_the_operations_page_has_every_alarm_and_no_other(
    production: Any, alarms: dict[str, Any]
) -> None:
    section = read_page("docs/operations.md").partition("\n## Alarms")[2].partition("\n## ")[0]
    documented = re.findall(r"(?m)^\| `([^`]+Alarm)` \|.+\|.+\|$", section)
    assert documented
    tables = list(properties(production, "AWS::DynamoDB::Table"))
    queues = set(properties(production, "AWS::SQS::Queue"))
    sources = properties(production, "AWS::Lambda::EventSourceMapping").values()
    of_dead_letters = dead_letter_queues(production)
    places = {
        "<function>": [each.name.title().replace("_", "") for each in FUNCTIONS],
        "<table>": tables,
        "<queue>": queues - of_dead_letters,
        "<dead-letter queue>": of_dead_letters,
        "<table>Stream": [
            f"{logical_id(each['EventSourceArn'])}Stream"
            for each in sources
            if "StartingPosition" in each
        ],
    }
    expected = set()
    for name in documented:
        place = max((each for each in places if name.startswith(each)), key=len, default="")
        expected |= {each + name.removeprefix(place) for each in places.get(place, [""])}
    assert expected == alarms.keys()


def test_the_dashboard_shows_every_function_table_and_queue(production: Any) -> None:
    (dashboard,) = properties(production, "AWS::CloudWatch::Dashboard").values()
    body = dashboard["DashboardBody"]["Fn::Sub"]
    assert json.loads(body)["widgets"]
    for kind in ("AWS::Lambda::Function", "AWS::DynamoDB::Table", "AWS::SQS::Queue"):
        for name in properties(production, kind):
            assert re.search(rf"\${{{name}(\.QueueName)?}}", body)
