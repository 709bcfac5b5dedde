"""Each deployed function behind HTTP responds to any event, as a person may type it."""

import json
from typing import Any

import pytest
from hypothesis import example, given, settings

from dev.clients import aws_client
from dev.cloud import Cloud
from dev.functions import function_name
from tests.support.any_events import any_events, check_response
from tests.support.functions import FUNCTIONS, Function

IDS = {"id": "01a1fac9-840f-7689-96e1-b783bdec023a"}
IDS_OF_ORDERS = {"order_id": "0b8b8a5e-9a3e-5d4f-8a7b-3c1f5f0c7a11"}
CLAP = '{"slug": "a", "claps": 1}'


@pytest.mark.parametrize("function", [each for each in FUNCTIONS if each.is_behind_http], ids=str)
def test_any_event_gets_a_response(cloud: Cloud, api_url: str, function: Function) -> None:
    assert api_url
    client = aws_client(cloud, "lambda")
    name = function_name(function.name)

    @settings(max_examples=40)
    @given(event=any_events(IDS_OF_ORDERS if function.package == "orders" else IDS))
    @example(event={"requestContext": {"requestId": "\ud800", "identity": {"sourceIp": "\ud800"}}})
    @example(event={"queryStringParameters": {"slug": "a", "cursor": "\ud800", "\ud800": "a"}})
    @example(event={"headers": {"idempotency-key": "\ud800"}, "body": CLAP})
    @example(event={"requestContext": {"identity": {"sourceIp": "\ud800"}}, "body": CLAP})
    def check(event: Any) -> None:
        invoked = client.invoke(FunctionName=name, Payload=json.dumps(event))
        response = invoked["Payload"].read().decode()
        assert "FunctionError" not in invoked, response
        check_response(json.loads(response))

    check()
