"""Waiting for what takes a while, and not for longer than that."""

import time
from collections.abc import Callable
from typing import TypeVar

PATIENCE_S = 60

T = TypeVar("T")


def until(
    condition: Callable[[], T | None], explain: Callable[[], object], patience_s: float = PATIENCE_S
) -> T:
    """Return the condition's first true value."""
    deadline = time.monotonic() + patience_s
    while not (value := condition()):
        assert time.monotonic() < deadline, explain()
        time.sleep(0.1)
    return value
