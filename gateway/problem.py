"""Problem details for HTTP APIs (RFC 9457), one exception for each kind of problem."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any, ClassVar

    from gateway.types import InvalidPart

HTTP_SEMANTICS = "https://www.rfc-editor.org/rfc/rfc9110#section-"
ADDITIONAL_STATUS_CODES = "https://www.rfc-editor.org/rfc/rfc6585#section-"


class Problem(Exception):
    """Raised when a request fails. `detail` is for people; `members` are added to the response.

    Annotations of a subclass declare the types of its members.

    >>> raise Conflict("A user can have at most 20 sessions.", limit=20)
    """

    status: ClassVar[int]
    title: ClassVar[str]
    type: ClassVar[str]  # The URL of a page that explains it.
    headers: ClassVar[Mapping[str, str]] = {}

    def __init__(self, detail: str, **members: Any) -> None:
        super().__init__(detail)
        self.detail = detail
        self.members = members
        vars(self).update(members)


class InvalidRequest(Problem):
    """Raised when a part of the request is invalid."""

    errors: list[InvalidPart] | None = None  # Up to 20.


class BadRequest(InvalidRequest):
    """Raised when a body is missing, not UTF-8 or not JSON, or a parameter or header is invalid."""

    status = 400
    title = "Bad Request"
    type = HTTP_SEMANTICS + "15.5.1"


class NotFound(Problem):
    """Raised when the resource does not exist."""

    status = 404
    title = "Not Found"
    type = HTTP_SEMANTICS + "15.5.5"


class Conflict(Problem):
    """Raised when the request conflicts with the resource's state."""

    status = 409
    title = "Conflict"
    type = HTTP_SEMANTICS + "15.5.10"


class PreconditionFailed(Problem):
    """Raised when a precondition of the request, such as If-Match, is false."""

    status = 412
    title = "Precondition Failed"
    type = HTTP_SEMANTICS + "15.5.13"


class ContentTooLarge(Problem):
    """Raised when a body is over the limit."""

    status = 413
    title = "Content Too Large"
    type = HTTP_SEMANTICS + "15.5.14"


class UnsupportedMediaType(Problem):
    """Raised when a declared content type cannot be JSON."""

    status = 415
    title = "Unsupported Media Type"
    type = HTTP_SEMANTICS + "15.5.16"


class UnprocessableContent(InvalidRequest):
    """Raised when a body does not match the schema; the member `errors` points at each place."""

    status = 422
    title = "Unprocessable Content"
    type = HTTP_SEMANTICS + "15.5.21"


class KeyReused(UnprocessableContent):
    """Raised when an idempotency key was used with another body before."""

    def __init__(self) -> None:
        super().__init__(
            "The idempotency key was used with another body before.",
            errors=[{"header": "idempotency-key", "detail": "Used with another body"}],
        )


class PreconditionRequired(Problem):
    """Raised when a request lacks a precondition, such as If-Match, that it needs."""

    status = 428
    title = "Precondition Required"
    type = ADDITIONAL_STATUS_CODES + "3"


class InternalServerError(Problem):
    """Raised for an unexpected error, which is logged and not shown to the caller."""

    status = 500
    title = "Internal Server Error"
    type = HTTP_SEMANTICS + "15.6.1"

    def __init__(self) -> None:
        super().__init__("An unexpected error occurred. It is logged under this request id.")


class ServiceUnavailable(Problem):
    """Raised when a dependency did not respond before the deadline."""

    status = 503
    title = "Service Unavailable"
    type = HTTP_SEMANTICS + "15.6.4"
    headers: ClassVar[Mapping[str, str]] = {"retry-after": "1"}  # Seconds.

    def __init__(self) -> None:
        super().__init__(
            "A dependency did not respond in time. If the request writes, it may have taken "
            "effect: get the resource to see. If it had an Idempotency-Key, send that one again."
        )
