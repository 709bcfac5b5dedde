"""Makes a Lambda handler look like the function that it calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

NAMES = ("__module__", "__name__", "__qualname__", "__doc__")


def update_wrapper(wrapper: Callable[..., Any], wrapped: Callable[..., Any]) -> None:
    """Copy a function's names and docstring, and link to it by `__wrapped__`.

    That is what `functools.update_wrapper` does, whose import takes 3 ms.
    """
    for name in NAMES:
        setattr(wrapper, name, getattr(wrapped, name))
    wrapper.__wrapped__ = wrapped  # type: ignore[attr-defined]
