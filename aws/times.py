"""Times as tables and messages store them."""

import time


def format_time(seconds: float) -> str:
    """Return seconds since the epoch as RFC 3339, in UTC, to the millisecond.

    >>> format_time(1_800_000_000)
    "2027-01-15T08:00:00.000Z"
    """
    microseconds = round(seconds * 1_000_000)  # Floats are inexact below that.
    whole, rest = divmod(microseconds, 1_000_000)
    return time.strftime(f"%Y-%m-%dT%H:%M:%S.{rest // 1000:03}Z", time.gmtime(whole))
