"""The artifact of `lucky_numbers` under AWS's runtime client, without a cloud."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dev.lambda_runtime import Lambda, LambdaError
from tests.support.events import BODY, bare_event, http_event, rest_event
from tests.support.responses import payload_of, problem_of


@pytest.fixture(scope="module")
def function(artifact: Path) -> Iterator[Lambda]:
    """Start an execution environment of `lucky_numbers`."""
    with Lambda(artifact, "handler.lucky_numbers") as function:
        function.wait_until_ready()
        yield function


def invoke(function: Lambda, event: Any) -> Any:
    """Return the proxy response to an event."""
    return function.invoke(event).document


@pytest.mark.parametrize("make_event", [rest_event, http_event, bare_event])
@pytest.mark.parametrize("body", [BODY, BODY.encode()], ids=["plain", "base64"])
def test_a_valid_payload_gets_its_greeting_and_numbers(
    function: Lambda, make_event: Any, body: str | bytes
) -> None:
    payload = payload_of(invoke(function, make_event(body=body)))
    assert payload["message"] == "Hi, 'SILENTBYTE'. Your lucky numbers are:"
    assert len(payload["numbers"]) == 10
    assert all(1 <= number <= 41 for number in payload["numbers"])


def test_characters_beyond_ascii_are_preserved(function: Lambda) -> None:
    payload = payload_of(invoke(function, rest_event(body='{"name": "Straße ☘ 😀", "count": 2}')))
    assert payload["message"] == "Hi, 'STRASSE ☘ 😀'. Your lucky numbers are:"


@pytest.mark.parametrize(
    ("status", "event"),
    [
        (400, {}),
        (400, rest_event(body="{")),
        (400, rest_event(body=b'{"name": "\xff", "count": 10}')),
        (400, rest_event(body='{"name": "a", "count": 2, "x": NaN}')),
        (413, rest_event(body=BODY + " " * 65536)),
        (415, rest_event(headers={"content-type": "image/png"})),
        (422, rest_event(body='{"name": "SilentByte", "count": "10"}')),
        (422, rest_event(body='{"name": "SilentByte", "count": -0}')),
        (422, rest_event(body='{"name": "a", "name": "b", "count": 2}')),
        (422, rest_event(body="[]")),
    ],
)
def test_bad_input_gets_a_problem(function: Lambda, status: int, event: Any) -> None:
    problem_of(invoke(function, event), status)


def test_without_a_request_id_in_the_event_a_problem_has_the_invocation_s(function: Lambda) -> None:
    instance = problem_of(invoke(function, {}), 400)["instance"]
    assert instance.startswith("00000000-0000-4000-8000-")


@pytest.fixture
def artifact_copy(artifact: Path, tmp_path: Path) -> Path:
    """Return a copy of the artifact, which a test may change."""
    return Path(shutil.copytree(artifact, tmp_path / "task"))


def test_only_the_core_of_pydantic_is_loaded(artifact_copy: Path) -> None:
    (artifact_copy / "spy.py").write_text(
        "import sys, handler\n"
        "def spy(event, context):\n"
        "    before = set(sys.modules)\n"
        "    statuses = [handler.lucky_numbers(each, context)['statusCode'] for each in event]\n"
        "    return sorted(before), sorted(set(sys.modules) - before), statuses\n"
    )
    events = [bare_event(), bare_event(body="{}"), bare_event(body="{"), {}]
    with Lambda(artifact_copy, "spy.spy") as function:
        function.wait_until_ready()
        loaded, loaded_by_calls, statuses = function.invoke(events).document
    assert statuses == [200, 422, 400, 400]
    assert [name for name in loaded if name.startswith("pydantic")] == [
        "pydantic_core",
        "pydantic_core._pydantic_core",
    ]
    assert not {"typing", "typing_extensions", "annotated_types"} & set(loaded)
    assert loaded_by_calls == []


def test_each_request_logs_one_line(artifact: Path) -> None:
    with Lambda(artifact, "handler.lucky_numbers") as function:
        function.wait_until_ready()
        invoke(function, rest_event(request_id="a-b", body='{"name": "hunter2", "count": 2}'))
    (line,) = (json.loads(line) for line in function.log.splitlines() if "a-b" in line)
    assert (line["level"], line["message"]) == ("INFO", "request")
    assert (line["request_id"], line["route"], line["status"]) == (
        "a-b",
        "POST /lucky_numbers",
        200,
    )
    assert line["requestId"].startswith("00000000-0000-4000-8000-")
    assert "hunter2" not in function.log


def test_an_error_is_logged_as_by_lambda_s_own_formatter(artifact_copy: Path) -> None:
    (artifact_copy / "spy.py").write_text(
        "import logging\n"
        "from invocation.log import log, start_invocation\n"
        "def spy(event, context):\n"
        "    start_invocation(context)\n"
        "    try: [][1]\n"
        "    except IndexError as error:\n"
        "        logging.getLogger('x').error('é', exc_info=error, extra={'id': 1, 'none': None})\n"
        "        log('ERROR', 'é', logger='x', error=error, id=1, none=None)\n"
    )
    with Lambda(artifact_copy, "spy.spy") as function:
        function.wait_until_ready()
        invoke(function, {})
    expected, actual = (json.loads(line) for line in function.log.splitlines()[-2:])
    # Where the error was caught, instead of where it was logged.
    assert expected.pop("location").rpartition(":")[0] == actual.pop("location").rpartition(":")[0]
    for line in (expected, actual):
        line["timestamp"] = re.sub(r"\d", "0", line["timestamp"])
    assert actual == expected


def test_a_missing_handler_fails_in_the_init_phase(artifact: Path) -> None:
    with (
        Lambda(artifact, "handler.unlucky_numbers") as function,
        pytest.raises(LambdaError, match="HandlerNotFound"),
    ):
        function.wait_until_ready()


def test_a_traceback_quotes_the_source(artifact_copy: Path) -> None:
    source = "def fail(event, context):\n    raise ValueError('why')\n"
    (artifact_copy / "failing.py").write_text(source)
    with Lambda(artifact_copy, "failing.fail") as function:
        function.wait_until_ready()
        with pytest.raises(LambdaError, match=r"why.*raise ValueError"):
            function.invoke({})
