"""What functions see of their invocation and their process, against AWS's runtime client."""

import json
from pathlib import Path
from typing import Any

import pytest

from dev.lambda_runtime import Lambda
from tests.support.two_runtimes import Event, Pair, cases_of, run_cases, run_pair

CLIENT = {
    "installation_id": "1",
    "app_title": "2",
    "app_version_name": "3",
    "app_version_code": "4",
    "app_package_name": "5",
    "other": "6",
}
CLIENT_CONTEXT = {"client": CLIENT, "custom": {"a": [1]}, "env": {"locale": "de"}, "other": 1}
W3C = {"traceparent": "00-1-2-01", "tracestate": "a=1", "baggage": "b=2", "other": "c"}
IDENTITY = {"cognitoIdentityId": "id", "cognitoIdentityPoolId": "pool", "other": 1}


def client_context(value: object) -> dict[str, str | None]:
    """Return the headers with a client context."""
    return {"Lambda-Runtime-Client-Context": json.dumps(value)}


def identity(value: object) -> dict[str, str | None]:
    """Return the headers with a Cognito identity."""
    return {"Lambda-Runtime-Cognito-Identity": json.dumps(value)}


INVOCATIONS: dict[str, dict[str, str | None]] = {
    "usual": {},
    "trace id": {"Lambda-Runtime-Trace-Id": "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Sampled=1"},
    "no trace id after one": {},
    "empty trace id": {"Lambda-Runtime-Trace-Id": ""},
    "tenant": {"Lambda-Runtime-Aws-Tenant-Id": "tenant ü".encode().decode("latin-1")},
    "empty tenant": {"Lambda-Runtime-Aws-Tenant-Id": ""},
    "invocation id": {"Lambda-Runtime-Invocation-Id": "invocation-7"},
    "empty invocation id": {"Lambda-Runtime-Invocation-Id": ""},
    "no function ARN": {"Lambda-Runtime-Invoked-Function-Arn": None},
    "no deadline": {"Lambda-Runtime-Deadline-Ms": None},
    "past deadline": {"Lambda-Runtime-Deadline-Ms": "1"},
    "names of headers in lower case": {"lambda-runtime-trace-id": "lower"},
    "client context": client_context(CLIENT_CONTEXT),
    "client context with W3C's trace context": client_context({**CLIENT_CONTEXT, "w3c": W3C}),
    "W3C's trace context of other types": client_context({"w3c": {"traceparent": 1}}),
    "W3C's trace context that is no object": client_context({"w3c": "text"}),
    "client context without parts": client_context({}),
    "client context that is null": client_context(None),
    "client context that is a list": client_context([]),
    "client context whose client is a text": client_context({"client": "text"}),
    "client context that is no JSON": {"Lambda-Runtime-Client-Context": "{"},
    "empty client context": {"Lambda-Runtime-Client-Context": ""},
    "identity": identity(IDENTITY),
    "identity without parts": identity({}),
    "identity that is null": identity(None),
    "identity that is a list": identity([]),
    "identity that is no JSON": {"Lambda-Runtime-Cognito-Identity": "id"},
}
FAILING = {
    "client context that is a list",
    "client context whose client is a text",
    "client context that is no JSON",
    "identity that is a list",
    "identity that is no JSON",
}


@pytest.fixture(scope="module")
def invoked(task: Path) -> Pair:
    """Return what a function saw of its invocations."""
    return run_pair(
        task, "contexts.handler", [Event({}, headers) for headers in INVOCATIONS.values()]
    )


@pytest.fixture(scope="module")
def seen(task: Path) -> dict[str, Pair]:
    """Return what a function saw of its process."""
    return run_cases(task, "surroundings")


@pytest.mark.parametrize("case", INVOCATIONS)
def test_a_function_sees_its_invocation_as_under_aws_s_client(case: str, invoked: Pair) -> None:
    index = list(INVOCATIONS).index(case) + 1
    original, loop = (record.requests[index] for record in invoked)
    assert original.kind == ("error" if case in FAILING else "response")
    assert loop == original


def test_errors_of_contexts_are_logged_alike(invoked: Pair) -> None:
    assert invoked.loop.log == invoked.original.log


@pytest.mark.parametrize("case", cases_of("surroundings"))
def test_a_function_sees_its_process_as_under_aws_s_client(
    case: str, seen: dict[str, Pair]
) -> None:
    original, loop = seen[case]
    assert original.requests[0].kind == "response"
    assert loop == original


def test_the_descriptor_for_logs_is_not_in_the_environment(task: Path) -> None:
    events = [Event("environment")]
    original, loop = run_pair(task, "calls.surroundings", events, telemetry=True)
    assert "_LAMBDA_TELEMETRY_LOG_FD" not in original.requests[1].body
    assert loop == original


def test_the_tenant_is_in_the_log(task: Path) -> None:
    tenant = {"Lambda-Runtime-Aws-Tenant-Id": "tenant"}
    events = [Event("arguments"), Event("arguments", tenant), Event("arguments")]
    original, loop = run_pair(task, "calls.logs", events)
    assert original.log.count('"tenantId": "tenant"') == 1
    assert loop == original


@pytest.mark.parametrize("header", ["Lambda-Runtime-Aws-Request-Id", "Lambda-Runtime-Deadline-Ms"])
def test_an_invocation_without_what_lambda_always_sends_ends_the_process(
    header: str, task: Path
) -> None:
    value = "soon" if header.endswith("Ms") else None
    original, loop = run_pair(
        task, "echo.handler", [Event({}, {header: value})], Lambda.wait_until_exit
    )
    assert len(loop.requests) == len(original.requests) == 1
    assert original.exit_status
    assert loop.exit_status


def test_python_s_variables_that_the_loop_supports_work(task: Path) -> None:
    code = "import faulthandler, sys; print(faulthandler.is_enabled(), sys.dont_write_bytecode)"
    options: dict[str, Any] = {"CODE": "", "PYTHONFAULTHANDLER": "1", "PYTHONDONTWRITEBYTECODE": ""}
    original, loop = run_pair(task, "inits.in_handler", [Event(code)], **options)
    assert original.log == "True False\n"
    assert loop == original
