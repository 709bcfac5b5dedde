"""Each line of the log is one write of JSON, and what is wrong with it never fails a request."""

import json
import os
import re
import socket
import subprocess
import sys
import time
from typing import Any

import pytest

from dev.service import ROOT

ON_LAMBDA = {"AWS_LAMBDA_RUNTIME_API": "127.0.0.1:9001"}
CLOUDWATCH_LIMIT_BYTES = 1024 * 1024
# Calls an entry point, as `call(…)`, that fails if `error` is not None.
PROGRAM = """
import os, sys
from gateway import endpoint
from invocation.log import log

error = None

@endpoint
def entry_point() -> str:
    if error is not None:
        raise error
    return "a"

def log_value(value):
    log("INFO", "a value", logger="any", value=value)

def call(**event):
    class Context:
        aws_request_id = "invocation"
    return entry_point({"httpMethod": "GET", "resource": "/", **event}, Context)["statusCode"]

"""


def run(code: str, environment: dict[str, str] | None = None, **streams: Any) -> Any:
    """Run PROGRAM and then more code in a fresh interpreter; return the finished process."""
    inherited = {name: os.environ[name] for name in os.environ if "AWS" not in name}
    return subprocess.run(
        [sys.executable, "-c", PROGRAM + code],
        cwd=ROOT,
        env={**inherited, **(environment or {})},
        check=True,
        **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **streams},
    )


def logged_by(code: str, **environment: str) -> list[Any]:
    """Return the lines that code logs on Lambda."""
    output: bytes = run(code, ON_LAMBDA | environment).stdout
    return [json.loads(line) for line in output.splitlines()]


def test_lines_go_to_standard_output_on_lambda_and_to_standard_error_elsewhere() -> None:
    on_lambda, elsewhere = run("call()", ON_LAMBDA), run("call()", {"AWS_LAMBDA_LOG_LEVEL": "INFO"})
    assert json.loads(on_lambda.stdout)["message"] == "request"
    assert json.loads(elsewhere.stderr)["message"] == "request"
    assert on_lambda.stderr == elsewhere.stdout == b""


def test_a_line_has_the_fields_that_lambda_s_runtime_gives_it() -> None:
    (line,) = logged_by("call(requestContext={'requestId': 'r'})")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", line.pop("timestamp"))
    assert line.pop("duration_ms") >= 0
    assert line == {
        "level": "INFO",
        "message": "request",
        "logger": "gateway.endpoint",
        "requestId": "invocation",
        "request_id": "r",
        "route": "GET /",
        "status": 200,
    }


def test_a_line_is_json_in_lambda_s_text_format_too() -> None:
    assert len(logged_by("call()", AWS_LAMBDA_LOG_FORMAT="Text")) == 1


@pytest.mark.parametrize(
    ("level", "messages"),
    [
        ("TRACE", ["request", "unexpected error", "request"]),
        ("DEBUG", ["request", "unexpected error", "request"]),
        ("info", ["request", "unexpected error", "request"]),
        ("", ["request", "unexpected error", "request"]),
        ("unknown", ["request", "unexpected error", "request"]),
        ("WARN", ["unexpected error"]),
        ("ERROR", ["unexpected error"]),
        ("FATAL", []),
    ],
)
def test_lines_below_the_function_s_level_are_left_out(level: str, messages: list[str]) -> None:
    lines = logged_by("call(); error = ValueError(); call()", AWS_LAMBDA_LOG_LEVEL=level)
    assert [line["message"] for line in lines] == messages


def test_off_lambda_only_warnings_and_errors_are_logged_by_default() -> None:
    output = run("call(); error = ValueError(); call()").stderr
    assert [json.loads(line)["message"] for line in output.splitlines()] == ["unexpected error"]


def test_each_line_is_one_write() -> None:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)  # It keeps writes apart.
    with ours, theirs:
        run("call(); error = ValueError(); call()", ON_LAMBDA, stdout=theirs)
        ours.settimeout(10)
        lines = [json.loads(ours.recv(CLOUDWATCH_LIMIT_BYTES)) for _ in range(3)]
    assert [line["message"] for line in lines] == ["request", "unexpected error", "request"]


def test_an_unexpected_error_is_logged_with_its_traceback() -> None:
    failure, request = logged_by("error = KeyError('why')\ncall()")
    assert (failure["level"], failure["message"]) == ("ERROR", "unexpected error")
    assert (failure["errorType"], failure["errorMessage"]) == ("KeyError", "'why'")
    assert "in entry_point" in failure["stackTrace"][-1]
    assert re.fullmatch(r".*/gateway/endpoint\.py:handler:\d+", failure["location"])
    assert failure["requestId"] == request["requestId"] == "invocation"
    assert request["status"] == 500


def test_an_error_that_is_empty_is_logged_too() -> None:
    code = "class Empty(Exception):\n    def __len__(self): return 0\nerror = Empty(); call()"
    assert logged_by(code)[0]["errorType"] == "Empty"


@pytest.mark.parametrize(
    ("raising", "has_cause"),
    [
        ("raise KeyError", True),
        ("raise KeyError from error", True),
        ("raise KeyError from None", False),
    ],
)
def test_an_error_is_logged_with_its_cause(raising: str, has_cause: bool) -> None:  # noqa: FBT001
    code = f"""
@endpoint
def entry_point() -> str:
    try:
        raise ValueError("the cause")
    except ValueError as error:
        {raising}
call()
"""
    failure = logged_by(code)[0]
    assert failure["errorType"] == "KeyError"
    assert ("ValueError: the cause" in failure.get("cause", "")) == has_cause


@pytest.mark.parametrize("before", ["", "KeyError from "])
def test_the_values_that_a_model_refuses_are_not_logged(before: str) -> None:
    code = f"""
from pydantic import BaseModel
class Query(BaseModel):
    first_name: str
@endpoint
def entry_point() -> str:
    try:
        Query(first_name=[2 ** 70])
    except ValueError as error:
        raise {before}error
call()
"""
    failure = logged_by(code)[0]
    assert "first_name: Input should be a valid string" in str(failure)
    assert str(2**70) not in str(failure)


def test_a_huge_error_is_cut_to_what_cloudwatch_takes() -> None:
    code = (
        "class Huge(Exception): pass\n"
        "def ping(n): pong(n - 1)\n"
        "def pong(n):\n"
        "    if n < 0: raise Huge('é' * 10**7) from Huge('é' * 10**7)\n"
        "    ping(n)\n"
        "@endpoint\n"
        "def entry_point() -> str: ping(400)\n"
        "call()"
    )
    output: bytes = run(code, ON_LAMBDA).stdout
    failure, _ = map(json.loads, output.splitlines())
    assert len(output) < CLOUDWATCH_LIMIT_BYTES
    assert failure["errorMessage"].startswith("ééé")
    assert "in pong" in failure["stackTrace"][-1]


@pytest.mark.parametrize(
    ("code", "field", "expected"),
    [
        (r"log_value('\ud800é')", "value", "\ud800é"),
        (r"log_value({'\ud800'})", "value", "{'\\ud800'}"),
        ("log_value(float('nan'))", "value", "nan"),
        ("log_value(10**5000)", "value", "<int>"),
        ("loop = []; loop.append(loop); log_value(loop)", "value", "[[...]]"),
        (
            "class Mute(Exception):\n    def __str__(self): 1 / 0\nerror = Mute(); call()",
            "errorMessage",
            "<Mute>",
        ),
    ],
)
def test_a_value_that_json_cannot_hold_is_logged_as_text(
    code: str, field: str, expected: str
) -> None:
    logged = [line[field] for line in logged_by(code) if field in line]
    assert logged == [expected]


@pytest.mark.parametrize(
    "break_output",
    [
        "os.close(1)",
        "os.dup2(os.open('/dev/full', os.O_WRONLY), 1)",
        "reader, writer = os.pipe(); os.close(reader); os.dup2(writer, 1)",
        """reader, writer = os.pipe(); os.dup2(writer, 1); os.set_blocking(1, False)
try:
    while os.write(1, b'x' * 4096): pass
except BlockingIOError: pass""",
    ],
    ids=["closed", "full", "without a reader", "with a reader that stopped reading"],
)
def test_a_line_that_cannot_be_written_does_not_fail_the_request(break_output: str) -> None:
    code = f"{break_output}\nos.write(2, f'{{call()}}'.encode())\nos._exit(0)"
    assert run(code, ON_LAMBDA).stderr == b"200"


def test_the_logging_of_other_code_is_not_configured() -> None:
    code = "call(); assert 'logging' not in sys.modules; import logging\n"
    code += "print(logging.root.handlers, logging.root.level == logging.WARNING)"
    assert run(code).stdout == b"[] True\n"


LOG_A_BATCH = """
from invocation.log import log
log("INFO", "batch", logger="a", metrics=("records", "failures"), records=5, failures=0)
"""


def test_counts_of_a_line_are_metrics_of_the_function() -> None:
    """As the embedded metric format has it: every name is that of a member of the line.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
    """
    settings = {"METRICS_NAMESPACE": "shop", "AWS_LAMBDA_FUNCTION_NAME": "shop-dev-consume"}
    before_ms = time.time() * 1000
    (line,) = logged_by(LOG_A_BATCH, **settings)
    metadata = line["_aws"]
    assert isinstance(metadata["Timestamp"], int)
    assert before_ms - 1 <= metadata["Timestamp"] <= time.time() * 1000
    (directive,) = metadata["CloudWatchMetrics"]
    assert directive["Namespace"] == "shop"
    assert {each["Name"]: line[each["Name"]] for each in directive["Metrics"]} == {
        "records": 5,
        "failures": 0,
    }
    ((dimension,),) = directive["Dimensions"]
    assert (dimension, line[dimension]) == ("FunctionName", "shop-dev-consume")


def test_without_a_namespace_a_line_has_no_metrics() -> None:
    (line,) = logged_by(LOG_A_BATCH)
    assert (line["records"], line["failures"]) == (5, 0)
    assert "_aws" not in line
