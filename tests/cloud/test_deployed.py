"""The deployed service, over HTTP: what production would run, on the local cloud."""

import io
import json
import zipfile
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from dev.clients import aws_client
from dev.cloud import Cloud
from dev.functions import function_name
from dev.service import API_ID, STAGE
from dev.service_copy import ServiceCopy
from tests.support.events import BODY
from tests.support.functions import FUNCTIONS, Function
from tests.support.responses import payload_of, problem_of
from tests.support.web import call, preflight, proxy


@pytest.fixture
def url(api_url: str) -> str:
    """Return the URL of `lucky_numbers`."""
    return f"{api_url}/lucky_numbers"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Content-Type": "application/json"},
        {"Content-Type": "application/x-www-form-urlencoded"},  # curl's default.
        {"content-type": "text/plain;charset=UTF-8"},  # fetch's.
    ],
)
def test_a_valid_payload_gets_its_greeting_and_numbers(url: str, headers: Any) -> None:
    payload = payload_of(proxy(call(url, data=BODY, headers=headers)))
    assert list(payload) == ["message", "numbers"]
    assert payload["message"] == "Hi, 'SILENTBYTE'. Your lucky numbers are:"
    assert len(payload["numbers"]) == 10


def test_characters_beyond_ascii_are_preserved(url: str) -> None:
    body = '{"name": "Straße ☘ 😀", "count": 2}'
    payload = payload_of(proxy(call(url, data=body.encode())))
    assert payload["message"] == "Hi, 'STRASSE ☘ 😀'. Your lucky numbers are:"


@pytest.mark.parametrize(
    ("status", "body", "headers"),
    [
        (400, b"", {}),
        (400, b"{", {}),
        (400, b'{"name": "\xff", "count": 10}', {"Content-Type": "application/json"}),
        (413, BODY.encode() + b" " * 65536, {}),
        (415, BODY.encode(), {"Content-Type": "image/png"}),
        (422, b'{"name": "SilentByte"}', {}),
        (422, b'{"name": "SilentByte", "count": "10"}', {}),
        (422, b"[]", {}),
    ],
)
def test_invalid_input_gets_a_problem(url: str, status: int, body: bytes, headers: Any) -> None:
    problem_of(proxy(call(url, data=body, headers=headers)), status)


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/lucky_numbers"), ("PUT", "/lucky_numbers"), ("POST", "/unlucky"), ("POST", "/")],
)
def test_an_unknown_route_gets_a_problem_from_the_gateway(
    api_url: str, method: str, path: str
) -> None:
    response = call(api_url + path, method)
    problem = problem_of(proxy(response), 404)
    assert problem["instance"] == response.headers["x-amzn-requestid"]


def test_a_browser_s_preflight_is_allowed(url: str) -> None:
    response = preflight(url, "POST", "content-type")
    assert response.ok
    assert response.headers["access-control-allow-origin"] == "*"
    assert "POST" in response.headers["access-control-allow-methods"].split(",")
    assert response.headers["access-control-allow-headers"].lower() == "content-type"
    assert int(response.headers["access-control-max-age"]) > 0
    assert response.headers["x-content-type-options"] == "nosniff"


def test_concurrent_callers_each_get_their_own_response(url: str) -> None:
    def post(caller: int) -> tuple[str, int]:
        body = json.dumps({"name": f"caller {caller}", "count": caller})
        payload = payload_of(proxy(call(url, data=body)))
        return payload["message"], len(payload["numbers"])

    with ThreadPoolExecutor(16) as callers:
        responses = list(callers.map(post, range(100)))

    assert responses == [
        (f"Hi, 'CALLER {caller}'. Your lucky numbers are:", max(2, min(caller, 20)))
        for caller in range(100)
    ]


def test_a_request_logs_one_json_line_without_its_body(
    service: ServiceCopy, cloud: Cloud, url: str
) -> None:
    problem = problem_of(proxy(call(url, data='{"name": "hunter2"}')), 422)
    log = service.run(cloud, "logs", "--function", "lucky_numbers")
    assert "hunter2" not in log
    (line,) = (json.loads(line) for line in log.splitlines() if problem["instance"] in line)
    assert (line["route"], line["status"]) == ("POST /lucky_numbers", 422)
    assert line["duration_ms"] >= 0


def test_the_gateway_does_not_trace_callers(cloud: Cloud, api_url: str) -> None:
    assert api_url
    client = aws_client(cloud, "apigateway")
    assert not client.get_stage(restApiId=API_ID, stageName=STAGE).get("tracingEnabled")


@pytest.mark.parametrize("function", FUNCTIONS, ids=str)
def test_a_deployed_artifact_has_only_the_modules_that_its_function_needs(
    cloud: Cloud, api_url: str, function: Function
) -> None:
    assert api_url
    client = aws_client(cloud, "lambda")
    location = client.get_function(FunctionName=function_name(function.name))["Code"]["Location"]
    code = call(location, "GET", headers=cloud.authorization).content
    names = zipfile.ZipFile(io.BytesIO(code)).namelist()
    own = {"handler.py"} if function.module == "handler" else set()
    own |= {"gateway" if function.is_behind_http else "pipeline", "invocation"}
    if function.module == "orders.handler":
        own.add("items")  # Orders take their prices from the items.
    if function.has_store:
        own.add("aws")
    if function.has_models:
        own.add("compiled_pydantic")
    assert {name.split("/")[0] for name in names if name.endswith(".py")} == {
        *("pydantic_core", "runtime_loop", function.package),
        *own,
    }
    own_files = [name for name in names if not name.startswith("node_modules/")]
    assert not [name for name in own_files if name.endswith((".cjs", ".txt"))]
