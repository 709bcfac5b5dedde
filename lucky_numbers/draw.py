"""How many lucky numbers, and which."""

from typing import Protocol

COUNT_MIN, COUNT_MAX = 2, 20
NUMBER_MIN, NUMBER_MAX = 1, 41


class Rng(Protocol):
    """A source of randomness, such as `random.SystemRandom`."""

    def randint(self, a: int, b: int, /) -> int:
        """Return a uniform integer N with a <= N <= b."""


def clamp_count(count: int) -> int:
    """Return the count nearest to the one asked for that we are willing to draw."""
    return max(COUNT_MIN, min(count, COUNT_MAX))


def draw_numbers(count: int, rng: Rng) -> list[int]:
    """Return `count` independent uniform draws from 1 to 41 inclusive, repeats allowed."""
    return [rng.randint(NUMBER_MIN, NUMBER_MAX) for _ in range(count)]
