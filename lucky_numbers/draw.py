"""Draws lucky numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

COUNT_MIN, COUNT_MAX = 2, 20
NUMBER_MIN, NUMBER_MAX = 1, 41

SPAN = NUMBER_MAX - NUMBER_MIN + 1
NUMBER_OF_BYTE = bytes(NUMBER_MIN + byte % SPAN for byte in range(256))
# 256 is not a multiple of 41: the bytes left over would favour the low numbers.
REJECTED = bytes(range(256 - 256 % SPAN, 256))


def clamp_count(count: int) -> int:
    """Return the count between 2 and 20 that is nearest to `count`."""
    return max(COUNT_MIN, min(count, COUNT_MAX))


def draw_numbers(count: int, random_bytes: Callable[[int], bytes]) -> list[int]:
    """Return `count` independent uniform draws from 1 to 41 inclusive, repeats allowed.

    `random_bytes` returns as many uniform random bytes as it is asked for, as `os.urandom` does.
    """
    numbers: list[int] = []
    while len(numbers) < count:
        numbers += random_bytes(count).translate(NUMBER_OF_BYTE, REJECTED)
    return numbers[:count]
