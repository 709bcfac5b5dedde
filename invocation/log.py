"""The log: lines of JSON as Lambda writes them, without `logging`, whose import takes 12 ms.

https://docs.aws.amazon.com/lambda/latest/dg/python-logging.html
"""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

from invocation.environment import is_on_lambda
from invocation.json_text import to_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

# The values of AWS_LAMBDA_LOG_LEVEL, and Python's name of one of them.
LEVELS = {"TRACE": 0, "DEBUG": 1, "INFO": 2, "WARN": 3, "WARNING": 3, "ERROR": 4, "FATAL": 5}
# Elsewhere, lines below WARN would only be in the way: `serverless invoke local` prints standard
# error among the response.
DEFAULT_ON_LAMBDA, DEFAULT_ELSEWHERE = "INFO", "WARN"
STANDARD_OUTPUT, STANDARD_ERROR = 1, 2
# Bounds that keep a line below the 1 MB of an event of CloudWatch Logs.
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html
FRAMES_MAX = 50  # Of a traceback: the nearest to the error.
TEXT_MAX = 4000  # Characters of an error's message, or of a frame.
CAUSES_MAX, CAUSE_MAX = 5, 20_000  # Errors before an error, and characters of their tracebacks.

# Fields of every line. A process of Lambda's handles one invocation at a time.
_invocation: dict[str, object] = {}


def start_invocation(context: Any) -> None:
    """Put an invocation's id into all lines from here on, as `requestId`."""
    _invocation["requestId"] = getattr(context, "aws_request_id", None)


def log(
    level: str,
    message: str,
    *,
    logger: str,
    error: Exception | None = None,
    metrics: Sequence[str] = (),
    **fields: object,
) -> None:
    """Write a line, with the traceback of an error if there is one.

    `level` is INFO, WARNING or ERROR, `logger` the name of the module. Fields that are None are
    left out. A line goes to standard output on Lambda, and to standard error elsewhere.

    `metrics` names fields with counts that CloudWatch is to take from the line as metrics of the
    function. It does if METRICS_NAMESPACE is set.

    >>> log("INFO", "request", logger=__name__, route="GET /", status=200)
    >>> log("INFO", "batch", logger=__name__, metrics=["records"], records=5)
    """
    default = DEFAULT_ON_LAMBDA if is_on_lambda() else DEFAULT_ELSEWHERE
    least = os.environ.get("AWS_LAMBDA_LOG_LEVEL", "").upper()
    if LEVELS[level] < LEVELS.get(least, LEVELS[default]):
        return
    line: dict[str, object] = {
        "timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "level": level,
        "message": message,
        "logger": logger,
        **({} if error is None else _describe(error)),
        **_invocation,
        **fields,
        **(_describe_metrics(metrics) if metrics else {}),
    }
    # An unpaired surrogate becomes its escape, which JSON has, too.
    _write(f"{{{','.join(_members(line))}}}\n".encode(errors="backslashreplace"))


def _describe_metrics(names: Sequence[str]) -> dict[str, object]:
    """Return the members that make metrics of a line's fields, in the embedded metric format.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
    """
    namespace = os.environ.get("METRICS_NAMESPACE")
    if not namespace:
        return {}
    directive = {
        "Namespace": namespace,
        "Dimensions": [["FunctionName"]],
        "Metrics": [{"Name": name, "Unit": "Count"} for name in names],
    }
    return {
        "FunctionName": os.environ.get("AWS_LAMBDA_FUNCTION_NAME", ""),
        "_aws": {"Timestamp": int(time.time() * 1000), "CloudWatchMetrics": [directive]},
    }


def _describe(error: Exception) -> dict[str, object]:
    """Return an error as the fields that Lambda's runtime gives it, and its cause."""
    import traceback  # noqa: PLC0415 (takes 9 ms, and only errors need it)

    fields: dict[str, object] = {
        "errorType": type(error).__name__,
        "errorMessage": _to_text(error)[:TEXT_MAX],
    }
    if causes := list(_find_causes(error)):
        lines = []
        for cause in reversed(causes):
            lines += [
                "Traceback (most recent call last):\n",
                *traceback.format_tb(cause.__traceback__),
            ]
            lines.append(f"{type(cause).__name__}: {_to_text(cause)}\n")
        fields["cause"] = "".join(lines)[-CAUSE_MAX:]
    if caught := error.__traceback__:
        frames = traceback.format_tb(caught, limit=-FRAMES_MAX)
        fields["stackTrace"] = [frame[:TEXT_MAX] for frame in frames]
        code = caught.tb_frame.f_code
        fields["location"] = f"{code.co_filename}:{code.co_name}:{caught.tb_lineno}"
    return fields


def _find_causes(error: BaseException) -> Iterator[BaseException]:
    """Yield the error that an error is from, the one that this is from, and so on."""
    for _ in range(CAUSES_MAX):
        context = None if error.__suppress_context__ else error.__context__
        cause = error.__cause__ or context
        if cause is None:
            return
        yield cause
        error = cause


def _members(line: dict[str, object]) -> Iterator[str]:
    """Yield the members of a JSON object. A value that JSON has no type for becomes its text."""
    for name, value in line.items():
        if value is not None:
            try:
                text = to_json(value)
            except (TypeError, ValueError, RecursionError):
                text = to_json(_to_text(value))
            yield f"{to_json(name)}:{text}"


def _to_text(value: Any) -> str:
    try:
        if hasattr(value, "error_count"):  # pydantic's ValidationError: its text has the values.
            from invocation.invalid import describe_invalid  # noqa: PLC0415 (needed by few)

            return describe_invalid(value)
        return str(value)
    except Exception:  # noqa: BLE001 (a line of the log never fails a request)
        return f"<{type(value).__name__}>"


def _write(data: bytes) -> None:
    """Write bytes in one go, unless a pipe takes only a part of them."""
    descriptor = STANDARD_OUTPUT if is_on_lambda() else STANDARD_ERROR
    try:
        while data:
            data = data[os.write(descriptor, data) :]
    except OSError:  # It is closed or full: the request goes on without its line.
        pass
