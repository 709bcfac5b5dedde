"""What calls of AWS raise."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any


class Unavailable(TimeoutError):  # noqa: N818
    """Raised when no attempt succeeded before the deadline.

    The outcome of a write is then unknown: it may have been done.
    """


class Refused(Exception):  # noqa: N818
    """Raised when a service refuses a call, and would refuse every retry.

    An earlier attempt that got no response may have succeeded, and this one may have been refused
    because of it.
    """


class ServiceError(Refused):
    """Raised when a service refuses a call for a reason that has no class of its own.

    `code` is the service's name of the reason, such as "AccessDeniedException", or the status if it
    has none. `status` is that of HTTP, and `document` the whole response.
    """

    def __init__(self, code: str, message: str, status: int, document: dict[str, Any]) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status
        self.document = document


class TransientError(Exception):
    """Raised when an attempt failed and a retry may succeed; the text says why."""
