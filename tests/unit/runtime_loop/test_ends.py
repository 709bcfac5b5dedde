"""How processes end, and go on, under runtime_loop, against AWS's runtime client."""

import signal
from pathlib import Path

import pytest

from dev.lambda_runtime import Lambda
from tests.support.two_runtimes import Event, run_pair

EXIT_STATUSES = {
    "sys.exit()": 0,
    "sys.exit(0)": 0,
    "sys.exit(3)": 3,
    "sys.exit(text)": 1,
    "exit()": 0,
    "quit(4)": 4,
    "os._exit(0)": 0,
    "os._exit(7)": 7,
    "os.abort()": -signal.SIGABRT,
    "SIGKILL": -signal.SIGKILL,
    "SIGTERM": -signal.SIGTERM,
    "SIGINT": -signal.SIGINT,
    "KeyboardInterrupt": -signal.SIGINT,
    "GeneratorExit": 1,
    "BaseException": 1,
}


def terminate(function: Lambda) -> None:
    """Terminate a function that does not handle it."""
    function.signal(signal.SIGTERM)
    function.wait_until_exit()


@pytest.mark.parametrize("way", EXIT_STATUSES)
def test_a_handler_may_end_the_process(way: str, task: Path) -> None:
    original, loop = run_pair(task, "ends.handler", [Event(way)], Lambda.wait_until_exit)
    assert original.exit_status == EXIT_STATUSES[way]
    assert loop == original


@pytest.mark.parametrize(
    "ways",
    [
        ("exit in a thread", "nothing"),
        ("exit in a child", "nothing"),
        ("thread", "nothing", "join"),
        ("daemon thread", "nothing", "join"),
        ("handle SIGTERM", "SIGTERM", "nothing"),
    ],
    ids=str,
)
def test_a_process_goes_on(ways: tuple[str, ...], task: Path) -> None:
    original, loop = run_pair(task, "ends.handler", map(Event, ways))
    assert [each.body for each in original.requests[1:]] == ['"after"'] * len(ways)
    assert loop == original


def test_a_daemon_thread_does_not_keep_the_process(task: Path) -> None:
    events = map(Event, ("daemon thread", "sys.exit(3)"))
    original, loop = run_pair(task, "ends.handler", events, Lambda.wait_until_exit)
    assert original.exit_status == 3
    assert loop == original


def test_the_process_can_be_terminated_while_it_waits(task: Path) -> None:
    original, loop = run_pair(task, "ends.handler", [Event("nothing")], terminate)
    assert original.exit_status == -signal.SIGTERM
    assert loop == original


def test_the_process_can_be_terminated_while_it_works(task: Path) -> None:
    def terminate_at_work(function: Lambda) -> None:
        function.send("sleep")
        function.wait_for_log("before\nbefore\n")
        terminate(function)

    original, loop = run_pair(task, "ends.handler", [Event("nothing")], terminate_at_work)
    assert original.exit_status == -signal.SIGTERM
    assert loop == original


def test_a_signal_is_handled_while_the_process_waits(task: Path) -> None:
    def signal_and_invoke(function: Lambda) -> None:
        function.signal(signal.SIGTERM)
        function.wait_for_log("signal 15\n")
        function.send("nothing")
        function.next_outcome()

    original, loop = run_pair(task, "ends.handler", [Event("handle SIGTERM")], signal_and_invoke)
    assert "signal 15\n" in original.log
    assert loop == original
