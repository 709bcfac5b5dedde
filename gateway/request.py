"""An API Gateway event as a request, whichever format the event has."""

from __future__ import annotations

from binascii import a2b_base64
from typing import TYPE_CHECKING

from gateway.conditions import EntityTags, Preconditions
from gateway.content_type import may_be_json
from gateway.location import make_reference
from gateway.problem import BadRequest, ContentTooLarge, UnsupportedMediaType
from invocation.deadline import find_deadline

if TYPE_CHECKING:
    from typing import Any

BODY_LIMIT_BYTES = 64 * 1024

CREDENTIALS = ("authorization", "x-api-key")  # Headers.


class Request:
    """A REST (v1) or HTTP API (v2) proxy event, or an event with nothing but a `body`.

    Any part may be missing or null: consoles and `serverless invoke` send what their user typed.
    https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
    https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
    """

    def __init__(self, event: Any, context: Any) -> None:
        self._event = _object(event)
        self._context = context
        self._request_context = _object(self._event.get("requestContext"))
        # The caller sees API Gateway's id, in a header of every response.
        request_id = _text(self._request_context.get("requestId"))
        self.id = request_id or str(getattr(context, "aws_request_id", ""))
        self.route = _text(self._event.get("routeKey")) or _route_v1(self._event)
        # The values of each header, by its name in lower case.
        self.headers = _read_headers(self._event)

    @property
    def is_read(self) -> bool:
        """Whether the method is GET or HEAD."""
        http = _object(self._request_context.get("http"))
        return (self._event.get("httpMethod") or http.get("method")) in ("GET", "HEAD")

    @property
    def caller_id(self) -> str:
        """Whom API Gateway has authenticated the caller as; empty if the route needs nobody.

        That is what a Lambda authorizer says, the subject of a user pool's token, the ARN of an IAM
        user or role (without its session), or else the id of the API key.
        """
        identity = _object(self._request_context.get("identity"))
        authorizer = _object(self._request_context.get("authorizer"))
        found = [
            authorizer.get("principalId"),
            _object(authorizer.get("claims")).get("sub"),
            _object(_object(authorizer.get("jwt")).get("claims")).get("sub"),
            _without_session(_object(authorizer.get("iam")).get("userArn")),
            _without_session(identity.get("userArn")),
            identity.get("apiKeyId"),
        ]
        return next((each for each in found if each and isinstance(each, str)), "")

    @property
    def source_ip(self) -> str:
        """The address that the caller connected from; empty if the event has none."""
        context = self._request_context
        caller = _object(context.get("identity")) or _object(context.get("http"))
        return _text(caller.get("sourceIp"))

    @property
    def deadline(self) -> float:
        """When the function must stop making calls, in seconds of `time.monotonic`."""
        return find_deadline(self._context)

    def header(self, name: str) -> str | None:
        """Return a header by its lower-case name, or None.

        The different values of a repeated header are joined, as those of a list (RFC 9110, 5.3).
        """
        values = self.headers.get(name)
        return ", ".join(dict.fromkeys(values)) if values else None

    @property
    def preconditions(self) -> Preconditions:
        """The headers If-Match and If-None-Match.

        Raises:
            BadRequest: one is not a list of entity tags, unless it is the If-None-Match of a GET or
                HEAD request: without it, the response only has a body that was not needed.
        """
        return Preconditions(self._read_tags("if-match"), self._read_tags("if-none-match"))

    def _read_tags(self, name: str) -> EntityTags | None:
        header = self.header(name)
        try:
            return None if header is None else EntityTags(header)
        except ValueError:
            if name == "if-none-match" and self.is_read:
                return None
            errors = [{"header": name, "detail": "Not a list of entity tags"}]
            raise BadRequest("Invalid header.", errors=errors) from None

    @property
    def has_credentials(self) -> bool:
        """Whether the request has an API key or other credentials of its caller."""
        return bool(self.caller_id) or not self.headers.keys().isdisjoint(CREDENTIALS)

    @property
    def path(self) -> dict[str, str]:
        """The path parameters, which API Gateway has decoded."""
        return _strings(self._event.get("pathParameters"))

    def refer_to(self, name: str) -> str:
        """Return the reference to a resource below the request's path, for the header Location."""
        path = _text(self._event.get("path")) or _text(self._event.get("rawPath"))
        return make_reference(path, name)

    def read_query(self) -> dict[str, str]:
        """Return the query parameters.

        Raises:
            BadRequest: one is given more than once. Only events of REST APIs show that.
        """
        for name, values in _object(self._event.get("multiValueQueryStringParameters")).items():
            if isinstance(values, list) and len(values) > 1:
                errors = [{"parameter": _text(name), "detail": "Given more than once"}]
                raise BadRequest("Invalid parameter.", errors=errors)
        return _strings(self._event.get("queryStringParameters"))

    def read_body(self) -> str:
        """Return the body as text.

        Raises:
            UnsupportedMediaType: the content type cannot be JSON.
            BadRequest: the body is missing or not UTF-8.
            ContentTooLarge: the body is over 64 KiB.
        """
        if not may_be_json(self.header("content-type") or ""):
            raise UnsupportedMediaType("Send JSON, as application/json.")
        body = self._event.get("body")
        if not self._request_context and not isinstance(body, str):
            # A person typed it, at a console or for `serverless invoke`.
            example = '{"body": "<the JSON, as a string>"}'
            raise BadRequest(f"The event needs a body that is a string, as in {example}.")
        if body is None or body == "":
            raise BadRequest("The request has no body.")
        if not isinstance(body, str):
            raise BadRequest("The event's body is not a string.")
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
            raise BadRequest("The body is not base64, though the event says so.") from None


def _without_session(arn: Any) -> str:
    """Return the ARN of a role for that of one of its sessions, and any other as it is."""
    text = _text(arn)
    return text.rpartition("/")[0] if ":assumed-role/" in text else text


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _strings(value: Any) -> dict[str, str]:
    return {_text(name): each for name, each in _object(value).items() if isinstance(each, str)}


def _text(value: Any) -> str:
    """Return a string that a response can have, or "" for any other value.

    Only a typed event has half a character, as the escape of U+D800, which UTF-8 lacks.
    """
    if not isinstance(value, str):
        return ""
    return value if value.isascii() else value.encode(errors="replace").decode()


def _read_headers(event: dict[str, Any]) -> dict[str, list[str]]:
    # In events of REST APIs, `headers` has only the last value of a repeated header.
    single, repeated = _object(event.get("headers")), _object(event.get("multiValueHeaders"))
    headers: dict[str, list[str]] = {}
    for name, value in {**repeated, **single}.items():
        values = repeated.get(name)
        values = values if values and isinstance(values, list) else [value]
        key = _text(name).lower()
        headers[key] = headers.get(key, []) + [each for each in values if isinstance(each, str)]
    return headers


def _route_v1(event: dict[str, Any]) -> str:
    method, resource = _text(event.get("httpMethod")), _text(event.get("resource"))
    return f"{method} {resource}" if method and resource else ""
