"""What functions log."""

import json
from typing import Any

import pytest


def log_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    """Log requests, too, which is the default on Lambda only."""
    monkeypatch.setenv("AWS_LAMBDA_LOG_LEVEL", "TRACE")


def read_log(capfd: pytest.CaptureFixture[str]) -> list[Any]:
    """Return the lines that were logged since the last call."""
    return [json.loads(line) for line in capfd.readouterr().err.splitlines()]


def errors_in(lines: list[Any]) -> list[Any]:
    """Return the lines with a traceback, each of which must be at level ERROR."""
    errors = [line for line in lines if line.get("stackTrace")]
    assert all(line["level"] == "ERROR" for line in errors)
    return errors
