"""How many lucky numbers, and which."""

from __future__ import annotations

TYPE_CHECKING = False  # As typing says it; importing that would lengthen every cold start.
if TYPE_CHECKING:
    from random import Random

COUNT_MIN, COUNT_MAX = 2, 20
NUMBER_MIN, NUMBER_MAX = 1, 41


def clamp_count(count: int) -> int:
    """Return the count nearest to the one asked for that we are willing to draw."""
    return max(COUNT_MIN, min(count, COUNT_MAX))


def draw_numbers(count: int, rng: Random) -> list[int]:
    """Return `count` independent uniform draws from 1 to 41 inclusive, repeats allowed."""
    return [rng.randint(NUMBER_MIN, NUMBER_MAX) for _ in range(count)]
