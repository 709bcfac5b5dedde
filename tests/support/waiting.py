"""`wait_until` under its former name, for tests that still use that."""

from collections.abc import Callable
from typing import TypeVar

from dev.waiting import wait_until

T = TypeVar("T")


def until(
    condition: Callable[[], T | None], explain: Callable[[], object], patience_s: float = 60
) -> T:
    """Return the condition's first true value."""
    return wait_until(condition, explain, timeout_s=patience_s)
