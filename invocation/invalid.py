"""Describes what is invalid, without what its sender chose: values, and names of unknown fields."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails, ValidationError

ERRORS_MAX = 5  # More would not help.


def describe_invalid(invalid: ValidationError) -> str:
    """Return the places of a validation error, and what is wrong there.

    >>> describe_invalid(error)
    "/count: Input should be a valid integer"
    """
    errors = invalid.errors(include_url=False, include_context=False, include_input=False)
    return "; ".join(f"{_place(error)}: {error['msg']}" for error in errors[:ERRORS_MAX])


def _place(error: ErrorDetails) -> str:
    places = error["loc"]
    if error["type"] == "extra_forbidden":
        places = places[:-1]  # The sender chose that name, and it may be a secret.
    return "".join(f"/{each}" for each in places) or "(root)"
