"""How many lucky numbers, and which."""

from __future__ import annotations

TYPE_CHECKING = False  # As typing says it; importing that would lengthen every cold start.
if TYPE_CHECKING:
    from collections.abc import Callable

COUNT_MIN, COUNT_MAX = 2, 20
NUMBER_MIN, NUMBER_MAX = 1, 41

NUMBERS = range(NUMBER_MIN, NUMBER_MAX + 1)
SIX_BITS = 0b111111  # The least that tell all 41 numbers apart.


def clamp_count(count: int) -> int:
    """Return the count nearest to the one asked for that we are willing to draw."""
    return max(COUNT_MIN, min(count, COUNT_MAX))


def draw_numbers(count: int, random_bytes: Callable[[int], bytes]) -> list[int]:
    """Return `count` independent uniform draws from 1 to 41 inclusive, repeats allowed.

    Takes a source of that many uniform bytes, such as `os.urandom`. Bits that tell no number are
    thrown away, not folded back into the range, which would favour some.
    """
    numbers: list[int] = []
    while len(numbers) < count:
        draws = (byte & SIX_BITS for byte in random_bytes(2 * count))
        numbers += [NUMBERS[draw] for draw in draws if draw < len(NUMBERS)]
    return numbers[:count]
