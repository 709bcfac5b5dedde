"""`npm start` prints why a function fails; the caller gets the same response as on AWS."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from dev.clients import aws_client
from dev.cloud import Cloud
from dev.functions import function_name
from dev.terminal import describe
from dev.waiting import wait_until
from tests.support.deployed_code import HANDLER, DeployedCode
from tests.support.responses import problem_of
from tests.support.web import call, proxy


@pytest.fixture(scope="module", params=[False, True], ids=["AWS's client", "runtime_loop"])
def run(
    cloud: Cloud, api_url: str, request: pytest.FixtureRequest
) -> Iterator[Callable[[str], Any]]:
    """Return a function that deploys code for `GET /hello` and calls it. Undo that at the end."""
    with DeployedCode(cloud, api_url, has_wrapper=request.param) as code:
        yield code.run


class Terminal:
    """What `npm start` would print during a test."""

    def __init__(self, cloud: Cloud) -> None:
        self._reports = cloud.reports
        self._start = cloud.reports.stat().st_size

    def text(self) -> str:
        """Return what it has printed so far."""
        with self._reports.open(encoding="utf-8") as file:
            file.seek(self._start)
            return "\n".join(describe(json.loads(line)) for line in file)

    def wait_for(self, text: str) -> None:
        """Wait until it prints a text."""
        wait_until(lambda: text in self.text(), self.text)


@pytest.fixture
def terminal(cloud: Cloud) -> Terminal:
    """Return a terminal that starts empty."""
    return Terminal(cloud)


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (f"import nonesuch\n{HANDLER}return 1", "No module named 'nonesuch'"),
        (f"def fail():\n    1 / 0\nfail()\n{HANDLER}return 1", "in fail\n"),
        ("def hello(:\n", "SyntaxError"),
        ("def hallo(event, context): ...", "Handler 'hello' missing on module"),
        (f"import sys; sys.exit(4)\n{HANDLER}return 1", "exit status 4"),
        (f"import os; os.kill(os.getpid(), 9)\n{HANDLER}return 1", "signal: Killed"),
        (f"import sys\n{HANDLER}sys.exit(3)", "exit status 3"),
        (f"import sys\n{HANDLER}sys.exit('enough of it')", "enough of it"),
        (f"import os\n{HANDLER}os.kill(os.getpid(), 9)", "signal: Killed"),
        (f"import os\n{HANDLER}os._exit(0)", "exit status 0"),
        (f"{HANDLER}raise KeyError('unheard of')", "KeyError: 'unheard of'"),
        (f"import time\n{HANDLER}time.sleep(60)", "timed out after 1.00 seconds"),
    ],
)
def test_the_reason_for_a_failure_is_printed_and_the_caller_gets_a_problem(
    run: Callable[[str], Any], terminal: Terminal, code: str, reason: str
) -> None:
    problem = problem_of(proxy(run(code)), 500)
    terminal.wait_for(reason)
    terminal.wait_for("GET /hello → 500 by API Gateway")
    assert reason not in problem["detail"]
    # The failure does not affect the next call.
    assert run(f"{HANDLER}return {{'statusCode': 200, 'body': 'fixed'}}").text == "fixed"


def test_a_function_that_times_out_prints_its_traceback(
    run: Callable[[str], Any], terminal: Terminal
) -> None:
    run(f"import time\ndef wait():\n    time.sleep(60)\n{HANDLER}wait()")
    terminal.wait_for("line 3 in wait")


def test_everything_that_a_function_writes_is_printed(
    run: Callable[[str], Any], terminal: Terminal
) -> None:
    outputs = {
        "print('printed')": "printed",
        "os.write(1, b'written to 1\\n')": "written to 1",
        "os.write(2, b'written to 2\\n')": "written to 2",
        "os.write(2, b'no \\xff UTF-8\\n')": "no \\xff UTF-8",
        "print('long' * 25000)": "longlonglong",
        "subprocess.run(['echo', 'echoed'])": "echoed",
        "logging.getLogger().warning('logged')": "logged",
        'print(\'{"status": "ok", "result": 5}\')': '{"status": "ok", "result": 5}',
    }
    code = f"import logging, os, subprocess\n{HANDLER}" + "; ".join(outputs)
    assert run(f"{code}; return {{'statusCode': 200, 'body': 'done'}}").text == "done"
    for each in outputs.values():
        terminal.wait_for(f"hello │ {each}")


@pytest.mark.parametrize(
    ("path", "status"), [("/nowhere", 404), ("/orders/of-nobody", 403), ("/lucky_numbers", 404)]
)
def test_an_error_response_of_api_gateway_is_printed(
    api_url: str, terminal: Terminal, path: str, status: int
) -> None:
    problem = problem_of(proxy(call(api_url + path, "GET", is_declared=False)), status)
    terminal.wait_for(f"GET {path} → {status} by API Gateway: {problem['detail']}")


def test_a_path_cannot_make_another_line(api_url: str, terminal: Terminal) -> None:
    call(f"{api_url}/a%0aGET%20/hello%1b[2J", "GET")
    terminal.wait_for("GET /a%0AGET%20/hello%1B%5B2J → 404 by API Gateway")


def test_an_unexpected_error_is_printed_with_its_traceback(
    cloud: Cloud, api_url: str, terminal: Terminal
) -> None:
    client, name = aws_client(cloud, "lambda"), function_name("get_item")
    before = client.get_function_configuration(FunctionName=name)["Environment"]
    changed = {"Variables": before["Variables"] | {"ITEMS_TABLE": "no-such-table"}}
    client.update_function_configuration(FunctionName=name, Environment=changed)
    item = "items/01a1fac9-840f-7689-96e1-b783bdec023a"
    response = proxy(call(f"{api_url}/{item}", "GET"))
    client.update_function_configuration(FunctionName=name, Environment=before)
    problem_of(response, 500)
    terminal.wait_for("get_item │ Traceback (most recent call last):")
    terminal.wait_for("in get_item\n")
    terminal.wait_for("is not authorized to perform: dynamodb:GetItem")
    terminal.wait_for("GET /items/{id} → 500 in")


def test_an_error_response_of_a_function_is_printed_once(api_url: str, terminal: Terminal) -> None:
    problem_of(proxy(call(f"{api_url}/lucky_numbers", data="{")), 400)
    terminal.wait_for("POST /lucky_numbers → 400 in")
    assert "by API Gateway" not in terminal.text()
