"""Times as texts."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from aws.times import format_time

LATEST_MS = 4_102_444_800_000  # The year 2100.


@given(milliseconds=st.integers(0, LATEST_MS))
def test_a_time_is_rfc_3339_to_the_millisecond(milliseconds: int) -> None:
    text = format_time(milliseconds / 1000)
    assert len(text) == len("2027-01-15T08:00:00.000Z")
    assert datetime.fromisoformat(text) == datetime.fromtimestamp(milliseconds / 1000, UTC)
