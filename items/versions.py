"""Versions of an item that a write may change."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


class Versions:
    """The versions that are listed, or if `are_excluded` all others.

    >>> 3 in Versions([1, 2], are_excluded=True)
    True
    """

    def __init__(self, listed: Sequence[int], *, are_excluded: bool = False) -> None:
        self.listed = listed
        self.are_excluded = are_excluded

    def __contains__(self, version: int) -> bool:
        return (version in self.listed) != self.are_excluded
