"""The deadline of an invocation."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any

RESPONSE_S = 0.3  # For what comes after a function's last call: its response and its log line.
DEFAULT_TIME_LEFT_MS = 6000  # Without a context. `serverless invoke local` allows the same.


def find_deadline(context: Any) -> float:
    """Return when an invocation must stop making calls, in seconds of `time.monotonic`.

    https://docs.aws.amazon.com/lambda/latest/dg/python-context.html
    """
    left_ms = getattr(context, "get_remaining_time_in_millis", lambda: DEFAULT_TIME_LEFT_MS)()
    return float(time.monotonic() + left_ms / 1000 - RESPONSE_S)
