"""What an event says, whichever way it was sent."""

from __future__ import annotations

import time
from binascii import a2b_base64

from gateway.conditions import EntityTags
from gateway.problem import BadRequest, ContentTooLarge, UnsupportedMediaType

TYPE_CHECKING = False  # As typing says it; importing that would lengthen every cold start.
if TYPE_CHECKING:
    from typing import Any

BODY_LIMIT_BYTES = 64 * 1024
ANSWER_MS = 300  # For what comes after a function's last call: the reply, the log line.
TIME_LEFT_MS = 3000  # Lambda's own default, for who calls a handler without its context.

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
        self._context = context
        self._about = _object(self._event.get("requestContext"))
        # API Gateway's id is the one that the caller sees, in a header of every reply.
        request_id = self._about.get("requestId")
        self.id = request_id if isinstance(request_id, str) else ""
        self.id = self.id or str(getattr(context, "aws_request_id", ""))
        self.route = self._event.get("routeKey") or _route_v1(self._event)

    @property
    def source_ip(self) -> str:
        """The address that the caller came to API Gateway from; empty where an event has none."""
        about = _object(self._about.get("identity")) or _object(self._about.get("http"))
        return str(about.get("sourceIp", ""))

    @property
    def deadline(self) -> float:
        """When the answer must be on its way, in seconds of `time.monotonic`."""
        left = getattr(self._context, "get_remaining_time_in_millis", lambda: TIME_LEFT_MS)
        return float(time.monotonic() + (left() - ANSWER_MS) / 1000)

    @property
    def headers(self) -> dict[str, str]:
        """The headers, by their names in lower case."""
        headers = _strings(self._event.get("headers"))
        return {name.lower(): value for name, value in headers.items()}

    def header(self, name: str) -> str | None:
        """Return the header of that lower-case name, or None."""
        for key, value in _object(self._event.get("headers")).items():
            if key.lower() == name and isinstance(value, str):
                return value
        return None

    @property
    def if_none_match(self) -> str | None:
        """The tags of what the caller has already, of a GET request."""
        return self.header("if-none-match") if str(self.route).startswith("GET ") else None

    @property
    def if_match(self) -> EntityTags | None:
        """The tags of which the caller means one, or None.

        Raises:
            BadRequest: they are no list of tags.
        """
        listed = self.header("if-match")
        try:
            return None if listed is None else EntityTags(listed)
        except ValueError:
            errors = [{"header": "if-match", "detail": "Not a list of entity tags"}]
            raise BadRequest("A header is not as it must be.", errors=errors) from None

    @property
    def path(self) -> dict[str, str]:
        """The parameters of the path, by name; API Gateway has decoded them."""
        return _strings(self._event.get("pathParameters"))

    def read_query(self) -> dict[str, str]:
        """Return the parameters of the query string.

        Raises:
            BadRequest: one is given more than once (where the event tells: a REST API's does).
        """
        for name, values in _object(self._event.get("multiValueQueryStringParameters")).items():
            if isinstance(values, list) and len(values) > 1:
                errors = [{"parameter": name, "detail": "Given more than once"}]
                raise BadRequest("A parameter is given more than once.", errors=errors)
        return _strings(self._event.get("queryStringParameters"))

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
        if not self._about and not isinstance(body, str):
            # Typed by hand, at a console or for `serverless invoke`.
            told = 'Send one as API Gateway does: {"body": "<the JSON, as a string>"}'
            raise BadRequest(f"The event has no body, or one that is not a string. {told}")
        if body is None or body == "":
            raise BadRequest("The request has no body.")
        if not isinstance(body, str):
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


def _strings(value: Any) -> dict[str, str]:
    return {name: each for name, each in _object(value).items() if isinstance(each, str)}


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
