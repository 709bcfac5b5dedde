"""Ids of items: UUIDs of version 7, which sort by the time that they were made."""

from uuid import UUID

RANDOM_BITS = 74


def make_id(now: float, random_bits: int) -> str:
    """Return the id for a time, in seconds since the epoch, and 74 random bits.

    >>> make_id(1_800_000_000, 0)
    "01a3185c-5000-7000-8000-000000000000"

    https://www.rfc-editor.org/rfc/rfc9562#section-5.7
    """
    high, low = divmod(random_bits, 2**62)  # 12 bits beside the version, 62 beside the variant.
    time_ms = int(now * 1000)
    return str(UUID(int=time_ms << 80 | 7 << 76 | high << 64 | 0b10 << 62 | low))
