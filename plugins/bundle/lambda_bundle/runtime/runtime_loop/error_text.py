"""The document of an error as lines of the log, in Lambda's two formats."""

import time

from runtime_loop.results import to_json

INDENT = "\N{NO-BREAK SPACE}"  # Which CloudWatch shows at the start of a line.


def to_lines(document, *, is_json):
    """Return the lines."""
    if is_json:
        timestamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        return [to_json({"timestamp": timestamp, "level": "ERROR", **document}).decode()]
    parts = [document["errorType"], document["errorMessage"]]
    description = ": ".join(part for part in parts if part)
    lines = [f"[ERROR] {description}" if description else "[ERROR]"]
    lines.append("Traceback (most recent call last):")
    for entry in document["stackTrace"]:
        lines += [_indent(line) for line in entry.splitlines()] if entry else [""]
    # UTF-8 has no unpaired surrogates.
    return [line.encode(errors="backslashreplace").decode() for line in lines]


def _indent(line):
    text = line.lstrip(" ")
    return INDENT * (len(line) - len(text)) + text
