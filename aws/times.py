"""Times as tables and messages store them."""

from datetime import UTC, datetime


def format_time(seconds: float) -> str:
    """Return seconds since the epoch as RFC 3339, in UTC, to the millisecond.

    >>> format_time(1_800_000_000)
    "2027-01-15T08:00:00.000Z"
    """
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")[:-6] + "Z"
