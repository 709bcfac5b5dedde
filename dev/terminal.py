"""What `npm start` prints: what happens on the local cloud, as a person at a terminal wants it."""

import json
import time
from pathlib import Path
from typing import Any

from dev.service import SERVICE, STAGE

LOOK_INTERVAL_S = 0.05


def follow(reports: Path) -> None:
    """Print each report that comes; dev/reports.py tells what they are."""
    unfinished = ""
    with reports.open(encoding="utf-8") as file:
        while True:
            *lines, unfinished = (unfinished + file.read()).split("\n")
            for line in lines:
                say(describe(json.loads(line)))
            time.sleep(LOOK_INTERVAL_S)


def describe(report: dict[str, Any]) -> str:
    """Return what a report tells."""
    match report:
        case {"route": route, "status": status, "detail": detail}:
            return f"{route} → {status} by API Gateway: {detail}"
        case {"function": function, "failure": failure}:
            return _beside(_short(function), f"failed: {failure}")
        case {"function": function, "line": line}:
            return _describe_line(_short(function), line)
        case _:
            return json.dumps(report)


def say(text: str) -> None:
    """Print at once, also into a pipe."""
    print(text, flush=True)


def _describe_line(function: str, line: str) -> str:
    """Return what a function wrote: a record of its log, or anything else as it is."""
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        record = line
    match record:
        case {"stackTrace": [*lines]}:
            return _beside(function, "\n".join(map(str, lines)))
        case {"route": route, "status": status, "duration_ms": duration}:
            return f"{route} → {status} in {duration} ms"
        case {"function": name, "records": count, "duration_ms": duration}:
            return f"{name} went through a batch of {count} in {duration} ms"
        case {"level": str(), "message": str() as message}:
            return _beside(function, message)
        case _:
            return _beside(function, line)


def _beside(function: str, text: str) -> str:
    return "\n".join(f"  {function} │ {line}" for line in text.split("\n"))


def _short(name: str) -> str:
    """Return the name that serverless.yml has for a deployed function."""
    return name.removeprefix(f"{SERVICE}-{STAGE}-")
