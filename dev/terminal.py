"""Prints the reports of the local cloud for a person at a terminal."""

import json
import re
import time
from pathlib import Path
from typing import Any

from dev.service import SERVICE, STAGE

POLL_INTERVAL_S = 0.05
TRACEBACK = "Traceback (most recent call last):"
# Callers choose a part of what is printed. A web page is one: it could control the terminal.
CONTROLS = re.compile(r"[\0-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")  # And halves of characters.
IMPORT_SYSTEM = re.compile(r'  File "(<frozen importlib\.|[^"]*/importlib/__init__\.py")')


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
    """Return the text for a report, with control characters escaped."""
    text = _describe(report)
    return CONTROLS.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def _describe(report: dict[str, Any]) -> str:
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
        case {"stackTrace": [*_]}:
            return _prefix(function, _describe_error(record))
        case {"route": route, "status": status, "duration_ms": duration}:
            return f"{route} → {status} in {duration} ms"
        case {"function": name, "records": count, "duration_ms": duration}:
            return f"{name} handled a batch of {count} in {duration} ms"
        case {"level": str(), "message": str() as message}:
            # AWS's warning is about its updates of runtimes, which nothing here has.
            is_warning = message.startswith("LAMBDA_WARNING: ")
            return _prefix(function, message.partition(". ")[0] if is_warning else message)
        case _:
            return _prefix(function, line)


def _describe_error(record: dict[str, Any]) -> str:
    """Return the text for an error as Python prints it, without the frames of the import system.

    It begins with the error that caused it, if there is one.
    """
    entries = [str(entry).rstrip("\n") for entry in record["stackTrace"]]
    frames = [entry for entry in entries if not IMPORT_SYSTEM.match(entry)]
    error = [str(record[key]) for key in ("errorType", "errorMessage") if key in record]
    title = [TRACEBACK] if frames else []
    return str(record.get("cause", "")) + "\n".join([*title, *frames, ": ".join(error)])


def _prefix(function: str, text: str) -> str:
    """Put the name of a function before each line of a text."""
    return "\n".join(f"  {function} │ {line}" for line in text.split("\n"))


def _short(name: str) -> str:
    """Return the key in serverless.yml of a deployed function."""
    return name.removeprefix(f"{SERVICE}-{STAGE}-")
