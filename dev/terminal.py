"""Prints the reports of the local cloud for a person at a terminal."""

import json
import time
from pathlib import Path
from typing import Any

from dev.service import SERVICE, STAGE

POLL_INTERVAL_S = 0.05
TRACEBACK = "Traceback (most recent call last):"


def follow(reports: Path) -> None:
    """Print each report of a file as it is added, forever. dev/reports.py describes them."""
    unfinished = ""
    with reports.open(encoding="utf-8") as file:
        while True:
            *lines, unfinished = (unfinished + file.read()).split("\n")
            for line in lines:
                say(describe(json.loads(line)))
            time.sleep(POLL_INTERVAL_S)


def describe(report: dict[str, Any]) -> str:
    """Return the text for a report."""
    match report:
        case {"route": route, "status": status, "detail": detail}:
            return f"{route} → {status} by API Gateway: {detail}"
        case {"function": function, "failure": failure}:
            return _prefix(_short(function), f"failed: {failure}")
        case {"function": function, "line": line}:
            return _describe_line(_short(function), line)
        case _:
            return json.dumps(report)


def say(text: str) -> None:
    """Print a text, and flush it."""
    print(text, flush=True)


def _describe_line(function: str, line: str) -> str:
    """Return the text for a line that a function wrote. A log record is shortened."""
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        record = line
    match record:
        case {"stackTrace": [*frames], "errorType": kind, "errorMessage": text} if (
            TRACEBACK not in frames  # From invocation/log.py.
        ):
            parts = [record.get("cause", ""), f"{TRACEBACK}\n", *frames, f"{kind}: {text}"]
            return _prefix(function, "".join(map(str, parts)))
        case {"stackTrace": [*lines]}:
            return _prefix(function, "\n".join(map(str, lines)))
        case {"route": route, "status": status, "duration_ms": duration}:
            return f"{route} → {status} in {duration} ms"
        case {"function": name, "records": count, "duration_ms": duration}:
            return f"{name} handled a batch of {count} in {duration} ms"
        case {"level": str(), "message": str() as message}:
            return _prefix(function, message)
        case _:
            return _prefix(function, line)


def _prefix(function: str, text: str) -> str:
    """Put the name of a function before each line of a text."""
    return "\n".join(f"  {function} │ {line}" for line in text.split("\n"))


def _short(name: str) -> str:
    """Return the key in serverless.yml of a deployed function."""
    return name.removeprefix(f"{SERVICE}-{STAGE}-")
