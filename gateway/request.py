"""What an event says, whichever way it was sent."""

from __future__ import annotations

from binascii import a2b_base64

from gateway.problem import BadRequest, ContentTooLarge, UnsupportedMediaType

TYPE_CHECKING = False  # As typing says it; importing that would lengthen every cold start.
if TYPE_CHECKING:
    from typing import Any

BODY_LIMIT_BYTES = 64 * 1024

# What can carry JSON besides `application/json` and `…+json`: the types that curl, `fetch` and
# `sendBeacon` declare for a string when told nothing else, and bytes of no declared kind.
JSON_CARRIERS = {
    "application/json",
    "application/octet-stream",
    "application/x-www-form-urlencoded",
    "text/json",
    "text/plain",
}


class Request:
    """An API Gateway proxy event: REST (v1), HTTP API (v2), or one with nothing but a `body`.

    Any part may be missing or null: the consoles' test events and `serverless invoke` send what
    their user typed.
    https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
    https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
    """

    def __init__(self, event: Any, context: Any) -> None:
        self._event = _object(event)
        about = _object(self._event.get("requestContext"))
        # API Gateway's id is the one that the caller sees, in a header of every reply.
        self.id = str(about.get("requestId") or getattr(context, "aws_request_id", ""))
        self.route = self._event.get("routeKey") or _route_v1(self._event)

    def header(self, name: str) -> str | None:
        """Return the header of that lower-case name, or None."""
        for key, value in _object(self._event.get("headers")).items():
            if key.lower() == name and isinstance(value, str):
                return value
        return None

    def read_body(self) -> str:
        """Return the body's text.

        Raises:
            UnsupportedMediaType: the declared content type cannot be JSON.
            BadRequest: there is no body, or it is not UTF-8.
            ContentTooLarge: it is over 64 KiB.
        """
        if not _may_be_json(self.header("content-type")):
            raise UnsupportedMediaType("Send JSON, as application/json.")
        body = self._event.get("body")
        if body is None or body == "":
            raise BadRequest("The request has no body.")
        if not isinstance(body, str):
            # What `invoke local` gets from who forgets to quote the inner JSON.
            raise BadRequest("The event's body is not a string; API Gateway always sends one.")
        try:
            if self._event.get("isBase64Encoded") is True:
                data = a2b_base64(body, strict_mode=True)
            else:
                data = body.encode()
            if len(data) > BODY_LIMIT_BYTES:
                raise ContentTooLarge(f"The body is over {BODY_LIMIT_BYTES} bytes.")
            return data.decode()
        except UnicodeError:
            raise BadRequest("The body is not UTF-8.") from None
        except ValueError:
            raise BadRequest("The body is not the base64 that its event declares.") from None


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _route_v1(event: dict[str, Any]) -> str | None:
    method, resource = event.get("httpMethod"), event.get("resource")
    return f"{method} {resource}" if method and resource else None


def _may_be_json(content_type: str | None) -> bool:
    """Whether a body of that type could be JSON; what names no type at all declares nothing."""
    # API Gateway joins a header that was sent twice by a comma.
    declared = [part.partition(";")[0].strip() for part in (content_type or "").lower().split(",")]
    return any(
        "/" not in media_type or media_type in JSON_CARRIERS or media_type.endswith("+json")
        for media_type in declared
    )
