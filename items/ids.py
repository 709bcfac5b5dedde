"""Ids of items: UUIDs of version 7, which sort by the time that they were made."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def make_id(now: float, random_bytes: Callable[[int], bytes]) -> str:
    """Return a new id for a time, in seconds since the epoch.

    `random_bytes` returns as many random bytes as it is asked for, as `os.urandom` does.

    >>> make_id(1_800_000_000, bytes)
    "01a3185c-5000-7000-8000-000000000000"

    https://www.rfc-editor.org/rfc/rfc9562#section-5.7
    """
    random_bits = int.from_bytes(random_bytes(10)) >> 6  # 74 of 80.
    high, low = divmod(random_bits, 2**62)  # 12 bits beside the version, 62 beside the variant.
    time_ms = int(now * 1000)
    return format_id(time_ms << 80 | 7 << 76 | high << 64 | 0b10 << 62 | low)


def format_id(number: int) -> str:
    """Return an id of 128 bits as a UUID: in hexadecimal, with hyphens.

    `str(uuid.UUID(int=number))` is the same, but `uuid` takes 4 ms to import.
    """
    digits = f"{number:032x}"
    return "-".join([digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]])
