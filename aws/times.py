"""Times, as tables and messages have them."""

from datetime import UTC, datetime


def format_time(seconds: float) -> str:
    """Return a time since the epoch as RFC 3339 has it, in UTC and to the millisecond."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")[:-6] + "Z"
