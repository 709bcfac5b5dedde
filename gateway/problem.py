"""Problem details for HTTP APIs (RFC 9457): what goes wrong, each kind under its own name."""

from __future__ import annotations

TYPE_CHECKING = False  # As typing says it; importing that would lengthen every cold start.
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any, ClassVar

HTTP_SEMANTICS = "https://www.rfc-editor.org/rfc/rfc9110#section-"
ADDITIONAL_STATUS_CODES = "https://www.rfc-editor.org/rfc/rfc6585#section-"


class Problem(Exception):
    """Raised when a request cannot be served; the caller is told `detail` and the members."""

    status: ClassVar[int]
    title: ClassVar[str]
    type: ClassVar[str]  # The page that explains it.
    headers: ClassVar[Mapping[str, str]] = {}

    def __init__(self, detail: str, **members: Any) -> None:
        super().__init__(detail)
        self.detail = detail
        self.members = members


class BadRequest(Problem):
    """Raised when a body is missing, not UTF-8 or not JSON, or a parameter is not as it must be."""

    status = 400
    title = "Bad Request"
    type = HTTP_SEMANTICS + "15.5.1"


class NotFound(Problem):
    """Raised when there is no such thing."""

    status = 404
    title = "Not Found"
    type = HTTP_SEMANTICS + "15.5.5"


class Conflict(Problem):
    """Raised when what is asked for goes against the present state of things."""

    status = 409
    title = "Conflict"
    type = HTTP_SEMANTICS + "15.5.10"


class PreconditionFailed(Problem):
    """Raised when a thing is not, or no longer, as the request's conditions have it."""

    status = 412
    title = "Precondition Failed"
    type = HTTP_SEMANTICS + "15.5.13"


class ContentTooLarge(Problem):
    """Raised when a body is larger than we read."""

    status = 413
    title = "Content Too Large"
    type = HTTP_SEMANTICS + "15.5.14"


class UnsupportedMediaType(Problem):
    """Raised when a declared content type cannot be JSON."""

    status = 415
    title = "Unsupported Media Type"
    type = HTTP_SEMANTICS + "15.5.16"


class UnprocessableContent(Problem):
    """Raised when a body is JSON that breaks the schema; `errors` points at each place."""

    status = 422
    title = "Unprocessable Content"
    type = HTTP_SEMANTICS + "15.5.21"


class KeyReused(UnprocessableContent):
    """Raised when an idempotency key came with another body before."""

    def __init__(self) -> None:
        super().__init__(
            "This is no repeat: its key came with another body before.",
            errors=[{"header": "idempotency-key", "detail": "Used for another body"}],
        )


class PreconditionRequired(Problem):
    """Raised when a request must say which version it means, and does not."""

    status = 428
    title = "Precondition Required"
    type = ADDITIONAL_STATUS_CODES + "3"


class InternalServerError(Problem):
    """Raised when anything unforeseen happens; what it was is in the log, not in the reply."""

    status = 500
    title = "Internal Server Error"
    type = HTTP_SEMANTICS + "15.6.1"

    def __init__(self) -> None:
        super().__init__("Something went wrong on our side; the log has it under this request id.")


class ServiceUnavailable(Problem):
    """Raised when what a function stands on did not do its part in time."""

    status = 503
    title = "Service Unavailable"
    type = HTTP_SEMANTICS + "15.6.4"
    headers: ClassVar[Mapping[str, str]] = {"retry-after": "1"}  # Seconds.

    def __init__(self) -> None:
        super().__init__(
            "It could not be done in time; try again. A write may have been done all the same: "
            "repeat it under its Idempotency-Key, if it had one."
        )
