"""`serverless invoke local` as a person types it: no wrapper, no activated environment."""

import json
from pathlib import Path
from typing import Any

import pytest

from dev.cloud import Cloud
from dev.service_copy import ServiceCopy
from tests.support.responses import payload_of, problem_of


def invoke(service: ServiceCopy, *arguments: str, **environment: str) -> Any:
    """Return the proxy response, which must be all that the command prints."""
    return json.loads(
        service.invoke_local("--function", "lucky_numbers", *arguments, **environment)
    )


def test_the_contract_s_example_prints_only_the_proxy_response(service: ServiceCopy) -> None:
    response = invoke(service, "-d", r'{"body": "{\"name\":\"SilentByte\", \"count\": 10}"}')
    payload = payload_of(response)
    assert payload["message"] == "Hi, 'SILENTBYTE'. Your lucky numbers are:"
    assert len(payload["numbers"]) == 10


@pytest.mark.parametrize(
    ("data", "status", "detail"),
    [
        (r'{"body": "{\"name\":\"SilentByte\", \"count\": \"10\"}"}', 422, "match the schema"),
        (r'{"body": "{\"name\":\"SilentByte\", "}', 400, "not JSON"),
        ('{"body": {"name": "SilentByte", "count": 10}}', 400, "a string"),
        ('{"name": "SilentByte", "count": 10}', 400, "a body"),
        ("SilentByte", 400, '{"body": '),
        ("[]", 400, '{"body": '),
        ("5", 400, '{"body": '),
    ],
)
def test_bad_input_prints_only_a_problem(
    service: ServiceCopy, data: str, status: int, detail: str
) -> None:
    assert detail in problem_of(invoke(service, "-d", data), status)["detail"]


def test_another_activated_environment_is_ignored(service: ServiceCopy, tmp_path: Path) -> None:
    response = invoke(service, "--path", "dev/event.json", VIRTUAL_ENV=str(tmp_path))
    assert payload_of(response)


def test_a_function_with_a_store_uses_the_cloud_of_its_stage(
    service: ServiceCopy, cloud: Cloud, api_url: str
) -> None:
    assert api_url
    event = json.dumps({"body": json.dumps({"slug": "invoked-here", "claps": 1})})
    printed = service.run(cloud, "invoke", "local", "-f", "applaud", "-d", event)
    assert payload_of(json.loads(printed))["slug"] == "invoked-here"
