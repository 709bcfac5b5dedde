"""Waits for a condition, with a timeout."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def wait_until(
    condition: Callable[[], T | None],
    explain: Callable[[], object],
    *,
    timeout_s: float = 60,
    interval_s: float = 0.1,
) -> T:
    """Call `condition` every `interval_s` seconds, and return its first true value.

        wait_until(path.exists, lambda: f"{path} does not exist")

    Raises:
        TimeoutError: no value was true within `timeout_s`; the message has `explain()`.
    """
    deadline = time.monotonic() + timeout_s
    while not (value := condition()):
        if time.monotonic() >= deadline:
            raise TimeoutError(f"Not within {timeout_s:g} s: {explain()}")
        time.sleep(interval_s)
    return value
