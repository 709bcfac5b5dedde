"""Problem details for HTTP APIs (RFC 9457), one exception for each kind of problem."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any, ClassVar

    from gateway.types import InvalidPart


def to_kebab_case(name: str) -> str:
    """Return the name of a class in kebab-case.

    >>> to_kebab_case("NotFound")
    "not-found"
    """
    return "".join(f"-{each.lower()}" if each.isupper() else each for each in name).strip("-")


class Problem(Exception):
    """Raised when a request fails. `detail` is for people; `members` are added to the response.

    A subclass is a problem type. Callers tell types apart, so make one where they would act
    differently, with a page in web/assets/problems/. Annotations declare the types of `members`.

    >>> class SessionLimitExceeded(Problem):
    ...     status = 409
    ...     title = "Session Limit Exceeded"
    ...     limit: int
    >>> raise SessionLimitExceeded("A user can have at most 20 sessions.", limit=20)
    """

    status: ClassVar[int]
    title: ClassVar[str]
    headers: ClassVar[Mapping[str, str]] = {}

    def __init__(self, detail: str, **members: Any) -> None:
        super().__init__(detail)
        self.detail = detail
        self.members = members

    @classmethod
    def get_name(cls) -> str:
        """Return the name of the type: that of the class, in kebab-case."""
        return to_kebab_case(cls.__name__)

    @property
    def type(self) -> str:
        """The reference to the page that explains the type.

        Without the environment variable API_PATH, the path that the API is below, there are no such
        pages, and it is the one for "no more than the status" (RFC 9457, 4.2.1).
        """
        path = os.environ.get("API_PATH")
        return "about:blank" if path is None else f"{path}/problems/{self.get_name()}"


class InvalidRequest(Problem):
    """Raised when a part of the request is invalid."""

    errors: list[InvalidPart] | None = None  # Up to 20.


class BadRequest(InvalidRequest):
    """Raised when a body is missing, not UTF-8 or not JSON, or a parameter or header is invalid."""

    status = 400
    title = "Bad Request"


class NotFound(Problem):
    """Raised when the resource does not exist."""

    status = 404
    title = "Not Found"


class PreconditionFailed(Problem):
    """Raised when a precondition of the request, such as If-Match, is false."""

    status = 412
    title = "Precondition Failed"


class ContentTooLarge(Problem):
    """Raised when a body is over the limit."""

    status = 413
    title = "Content Too Large"


class UnsupportedMediaType(Problem):
    """Raised when a declared content type cannot be JSON."""

    status = 415
    title = "Unsupported Media Type"


class UnprocessableContent(InvalidRequest):
    """Raised when a body does not match the schema; the member `errors` points at each place."""

    status = 422
    title = "Unprocessable Content"


class KeyReused(InvalidRequest):
    """Raised when an idempotency key was used with another body before."""

    status = 422
    title = "Key Reused"

    def __init__(self) -> None:
        super().__init__(
            "The idempotency key was used with another body before.",
            errors=[{"header": "idempotency-key", "detail": "Used with another body"}],
        )


class PreconditionRequired(Problem):
    """Raised when a request lacks a precondition, such as If-Match, that it needs."""

    status = 428
    title = "Precondition Required"


class InternalServerError(Problem):
    """Raised when an unexpected error occurs. It is logged, and not shown to the caller."""

    status = 500
    title = "Internal Server Error"

    def __init__(self) -> None:
        super().__init__("An unexpected error occurred. It is logged under this request id.")


class ServiceUnavailable(Problem):
    """Raised when a dependency did not respond before the deadline."""

    status = 503
    title = "Service Unavailable"
    headers: ClassVar[Mapping[str, str]] = {"retry-after": "1"}  # Seconds.

    def __init__(self) -> None:
        super().__init__(
            "A dependency did not respond in time. If the request writes, it may have taken "
            "effect: get the resource to see. If it had an Idempotency-Key, send that one again."
        )
