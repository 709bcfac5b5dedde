"""The services of bench/strangers/ answer and log the same when they are bundled."""

import functools
import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from bench.stranger_events import EVENTS
from bench.stranger_packages import (
    BUNDLED,
    BUNDLED_WITH_LOOP,
    USUAL,
    PackagedFunction,
    Packaging,
    package_strangers,
)
from dev.lambda_runtime import Lambda

Package = Callable[[Packaging], dict[str, PackagedFunction]]

# Both have frames in tracebacks: pydantic's own, and those of what takes its place.
PYDANTIC = re.compile(r'File "[^"]*/(?:pydantic|compiled_pydantic)/')


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Package:
    """Return the functions of all services, packaged once."""

    def package_once(packaging: Packaging) -> dict[str, PackagedFunction]:
        return package_strangers(tmp_path_factory.mktemp("strangers"), packaging)

    return functools.cache(package_once)


@pytest.mark.parametrize(
    "packaging", [pytest.param(BUNDLED, id="bundled"), pytest.param(BUNDLED_WITH_LOOP, id="loop")]
)
@pytest.mark.parametrize("name", EVENTS)
def test_a_bundled_service_answers_and_logs_as_before(
    package: Package, name: str, packaging: Packaging
) -> None:
    outcomes, log = _run(package(packaging)[name], EVENTS[name])
    expected_outcomes, expected_log = _run(package(USUAL)[name], EVENTS[name])
    assert outcomes == expected_outcomes
    assert log == expected_log


def _run(function: PackagedFunction, events: list[Any]) -> tuple[list[Any], list[Any]]:
    """Return what each event leads to, and the lines of the log."""
    outcomes = []
    settings: dict[str, Any] = function.environment
    with Lambda(function.folder, function.handler, **settings) as running:
        running.wait_until_ready()
        for event in events:
            running.send(event)
            outcome = running.next_outcome()
            outcomes.append((outcome.kind, _parse(outcome.body.decode(), function)))
    return outcomes, [_parse(line, function) for line in running.log.splitlines()]


def _parse(text: str, function: PackagedFunction) -> Any:
    """Return a response, an error or a line of the log, comparable with that of another package.

    It is without its time and without pydantic's frames, and the function's folder is Lambda's.
    """
    text = text.replace(str(function.folder), "/var/task")
    document = json.loads(text) if text.startswith("{") else text
    if isinstance(document, dict):
        document.pop("timestamp", None)
        if "stackTrace" in document:
            frames = document["stackTrace"]
            document["stackTrace"] = [each for each in frames if not PYDANTIC.search(each)]
    return document
