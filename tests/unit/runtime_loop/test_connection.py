"""How runtime_loop speaks to the Runtime API when that does not answer as usual."""

import signal
import socket
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from dev.cloud import HOST
from dev.lambda_runtime import TIMEOUT_S, Lambda, LambdaError
from tests.support.two_runtimes import WRAPPER_VARIABLE, load_module, run_pair

ACCEPTED = b'HTTP/1.1 202 Accepted\r\nContent-Length: 15\r\n\r\n{"status":"OK"}'
INVOCATION = (
    b"HTTP/1.1 200 OK\r\nLAMBDA-RUNTIME-AWS-REQUEST-ID: a-b\r\nlambda-runtime-deadline-ms: 1\r\n"
    b"content-type:application/json\r\nConnection: Close\r\nTransfer-Encoding: Chunked\r\n\r\n"
    b'3\r\n"a-\r\n00A;name=value\r\nbcdefghij"\r\n0\r\nTrailer: value\r\n\r\n'
)
REFUSALS = [
    b"HTTP/1.1 %d Status\r\nContent-Length: 4\r\n\r\nwhy?" % status for status in (400, 403, 500)
]
CUT_OFF = [b"", b"HTTP/1.1 20", ACCEPTED[:-1]]


@pytest.mark.parametrize("path", ["response", "error"])
def test_a_connection_that_lambda_closed_is_replaced(path: str, task: Path) -> None:
    event = {"fail": 1} if path == "response" else {}
    with Lambda(task, "echo.counting", **WRAPPER_VARIABLE) as function:
        function.wait_until_ready()
        function.reply_once(path, ACCEPTED)
        function.send(event)
        assert function.next_outcome().kind == path
        assert function.invoke({"fail": 2}).document == [2, 2]


def test_headers_may_have_any_case_and_events_come_in_chunks(task: Path) -> None:
    with Lambda(task, "echo.handler", **WRAPPER_VARIABLE) as function:
        function.wait_until_ready()
        function.reply_once("next", INVOCATION)
        function.invoke("first")
        outcome = function.next_outcome()
    assert outcome.path.endswith("/a-b/response")
    assert outcome.document == "a-bcdefghij"


def test_a_result_is_posted_over_a_new_connection_if_lambda_closed_the_first() -> None:
    with socket.create_server((HOST, 0)) as server, ThreadPoolExecutor(1) as executor:
        server.settimeout(TIMEOUT_S)
        api = load_module("runtime_api").RuntimeApi(f"{HOST}:{server.getsockname()[1]}")

        def answer(call: Future[Any], response: bytes) -> Any:
            with server.accept()[0] as connection:
                connection.recv(65536)
                connection.sendall(response)
            return call.result(TIMEOUT_S)

        kept = INVOCATION.replace(b"Connection: Close\r\n", b"")
        invocation = answer(executor.submit(api.next), kept)
        answer(executor.submit(api.post_result, invocation, b"1", "application/json"), ACCEPTED)
        api.close()


@pytest.mark.parametrize("path", ["response", "error"])
@pytest.mark.parametrize("reply", CUT_OFF)
def test_nothing_is_posted_twice(path: str, reply: bytes, task: Path) -> None:
    def invoke(function: Lambda) -> None:
        function.reply_once(path, reply)
        function.send({"fail": 1} if path == "response" else {})
        assert function.next_outcome().kind == path
        with pytest.raises(LambdaError, match="exited without a response"):
            function.next_outcome()

    original, loop = run_pair(task, "echo.counting", act=invoke)
    assert original.exit_status == loop.exit_status == 1
    assert "ConnectionError: The Runtime API closed the connection." in loop.log


@pytest.mark.parametrize("reply", [b"", b"HTTP/1.1 20"])
def test_it_asks_again_for_an_invocation(reply: bytes, task: Path) -> None:
    def invoke(function: Lambda) -> None:
        function.reply_once("next", reply)
        documents = [function.invoke({"fail": number}).document for number in (1, 2)]
        assert documents == [[1, 1], [2, 2]]

    original, loop = run_pair(task, "echo.counting", act=invoke)
    assert loop == original


@pytest.mark.parametrize("reply", REFUSALS)
@pytest.mark.parametrize("path", ["next", "response", "error"])
def test_a_request_that_lambda_refuses_ends_the_process(
    path: str, reply: bytes, task: Path
) -> None:
    def invoke(function: Lambda) -> None:
        function.reply_once(path, reply)
        function.send({} if path == "error" else {"fail": 1})
        function.next_outcome()
        function.wait_until_exit()

    original, loop = run_pair(task, "echo.counting", act=invoke)
    assert original.exit_status == (-signal.SIGSEGV if path == "next" else 1)
    assert loop.exit_status == 1
    assert "why?" in loop.log


def test_an_init_error_that_lambda_refuses_ends_the_process(task: Path) -> None:
    original, loop = run_pair(
        task,
        "nowhere.handler",
        act=Lambda.wait_until_exit,
        before=lambda function: function.reply_once("error", REFUSALS[0]),
    )
    assert len(original.requests) == len(loop.requests) == 1
    assert original.exit_status == loop.exit_status == 1
    assert "why?" in loop.log
