"""Functions of the local cloud run as Lambda's image runs them."""

import io
import json
import os
import signal
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from dev.cloud import Cloud
from dev.waiting import wait_until
from tests.support.deployed_code import HANDLER, DeployedCode

RETURN = f"import json\n{HANDLER}return {{'statusCode': 200, 'body': json.dumps(%s)}}"
AT_ONCE = 8


@pytest.fixture(scope="module", params=[False, True], ids=["AWS's client", "runtime_loop"])
def code(cloud: Cloud, api_url: str, request: pytest.FixtureRequest) -> Iterator[DeployedCode]:
    """Return the code of `GET /hello`, which a test may replace."""
    with DeployedCode(cloud, api_url, has_wrapper=request.param) as code:
        yield code


def values(code: DeployedCode, *expressions: str, imports: str = "os, sys") -> Any:
    """Return the values of expressions within the function."""
    source = RETURN % f"[{', '.join(expressions)}]"
    response = code.run(f"import {imports}\n{source}")
    assert response.status_code == 200, response.text
    return response.json()


def invoke(code: DeployedCode, event: Any) -> Any:
    """Return the response or the error of an invocation that does not pass through the gateway."""
    return json.loads(code.client.invoke(FunctionName=code.name, Payload=event)["Payload"].read())


def folders(cloud: Cloud) -> list[Path]:
    """Return the folders of the execution environments of `hello`."""
    return list(cloud.folder.glob(f"{DeployedCode.name}-*"))


def test_the_wrapper_runs_the_function_if_it_has_one(code: DeployedCode) -> None:
    loaded = values(code, "'awslambdaric' in sys.modules", "'runtime_loop' in sys.modules")
    assert loaded == [not code.has_wrapper, code.has_wrapper]


def test_a_function_has_the_environment_variables_of_lambda(code: DeployedCode) -> None:
    variables, folder = values(code, "dict(os.environ)", "os.getcwd()")
    assert variables["LAMBDA_TASK_ROOT"] == folder
    log_stream = variables.pop("AWS_LAMBDA_LOG_STREAM_NAME")
    assert "/[$LATEST]" in log_stream
    expected = {
        "AWS_EXECUTION_ENV": code.configuration["Runtime"].replace("p", "AWS_Lambda_p", 1),
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "512",
        "AWS_LAMBDA_FUNCTION_NAME": code.name,
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_FORMAT": "JSON",
        "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{code.name}",
        "AWS_LAMBDA_LOG_LEVEL": "INFO",
        "AWS_REGION": "us-east-1",
        "TZ": ":UTC",
        "_HANDLER": "hello/handler.hello",
    }
    assert {key: variables.get(key) for key in expected} == expected
    assert variables["_X_AMZN_TRACE_ID"].startswith("Root=1-")
    assert "MINISTACK_REGION" not in variables


def test_the_context_is_that_of_lambda(code: DeployedCode) -> None:
    names = ("aws_request_id", "function_name", "memory_limit_in_mb", "invoked_function_arn")
    expressions = [f"context.{name}" for name in names]
    request_id, *rest, left_ms = values(
        code, *expressions, "context.get_remaining_time_in_millis()"
    )
    assert rest == [code.name, "512", code.configuration["FunctionArn"]]
    assert len(request_id) == 36
    assert 0 < left_ms <= 1000


@pytest.mark.parametrize("event", [{"☘": [1, None, "😀\n"]}, [], "text", 1.5, None])
def test_any_event_and_any_result_pass_unchanged(code: DeployedCode, event: Any) -> None:
    code.deploy(f"{HANDLER}return event")
    assert invoke(code, json.dumps(event)) == event


def test_the_caller_of_a_function_gets_the_error_that_it_raised(code: DeployedCode) -> None:
    code.deploy(f"{HANDLER}raise LookupError('none')")
    error = invoke(code, "{}")
    assert (error["errorType"], error["errorMessage"]) == ("LookupError", "none")
    assert "in hello\n" in error["stackTrace"][0]


def test_an_error_does_not_end_the_execution_environment(code: DeployedCode) -> None:
    count = "calls = []\ndef hello(event, context):\n    calls.append(1)\n"
    code.deploy(f"{count}    return len(calls) if event else 1 / 0")
    assert [invoke(code, event) for event in ("1", "0", "1")][::2] == [1, 3]


def test_calls_at_once_each_have_an_execution_environment(
    code: DeployedCode, cloud: Cloud, tmp_path: Path
) -> None:
    code.configure(Timeout=30)
    begun = f"Path({str(tmp_path)!r})"
    lines = [
        f"({begun} / str(os.getpid())).touch()",
        f"while len(list({begun}.iterdir())) < {AT_ONCE}: time.sleep(0.01)",
        "return os.getpid()",
    ]
    code.deploy(f"import os, time\nfrom pathlib import Path\n{HANDLER}" + "\n    ".join(lines))
    with ThreadPoolExecutor(AT_ONCE) as callers:
        processes = list(callers.map(lambda _: code.call().text, range(AT_ONCE)))
    assert len(set(processes)) == AT_ONCE
    assert len(folders(cloud)) == AT_ONCE
    code.configure(Timeout=1)
    assert folders(cloud) == []


def test_an_update_ends_the_execution_environment_and_deletes_its_folder(
    code: DeployedCode, cloud: Cloud
) -> None:
    (process,) = values(code, "os.getpid()")
    (folder,) = folders(cloud)
    code.deploy(f"{HANDLER}return 1")
    assert not folder.exists()
    assert not Path(f"/proc/{process}").exists()


def test_a_process_that_was_killed_between_two_calls_is_replaced(
    code: DeployedCode, cloud: Cloud
) -> None:
    code.deploy(f"import os\n{HANDLER}return os.getpid()")
    killed = invoke(code, "1")
    os.kill(killed, signal.SIGKILL)
    wait_until(lambda: not Path(f"/proc/{killed}").exists(), lambda: killed)
    assert invoke(code, "1") not in {killed, None}
    assert len(folders(cloud)) == 1


def test_updates_during_calls_leave_no_execution_environment_behind(
    code: DeployedCode, cloud: Cloud
) -> None:
    with ThreadPoolExecutor() as callers:
        for number in range(20):
            code.deploy(f"{HANDLER}return {number}")
            callers.submit(code.call)
    code.deploy(f"{HANDLER}return 1")
    assert folders(cloud) == []


def test_modules_of_a_layer_can_be_imported(code: DeployedCode) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as out:
        out.writestr("python/layered.py", "NAME = 'layer'\n")
    layer = code.client.publish_layer_version(
        LayerName="words", Content={"ZipFile": archive.getvalue()}
    )
    code.configure(Layers=[layer["LayerVersionArn"]])
    assert values(code, "layered.NAME", imports="layered") == ["layer"]
    code.configure(Layers=[])


def test_an_import_that_takes_too_long_is_aborted_and_prints_where(
    code: DeployedCode, cloud: Cloud
) -> None:
    code.deploy(f"import time\ndef wait():\n    time.sleep(60)\nwait()\n{HANDLER}return 1")
    assert "timed out after 10.00 seconds" in invoke(code, "1")["errorMessage"]
    assert "line 3 in wait" in cloud.reports.read_text(encoding="utf-8")
