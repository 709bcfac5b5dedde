"""Access control of the local cloud: it refuses web pages and requests that are not signed.

Any page that is open in a developer's browser can send requests to this machine. Without the guard
it could deploy functions and run them.
"""

import hmac
import json
import re
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs
from xml.sax.saxutils import escape

from ministack.core import sigv4
from ministack.core.iam_evaluator import is_root_access_key, resolve_credential

from dev.cloud import LOOPBACK

ACCESS_KEY = "test"  # The root user's. All others belong to sessions of functions' roles.
# Paths with an API's id and a stage: ministack routes them to API Gateway, whatever their headers.
API_PATH = re.compile(r"/_aws/execute-api/[^/]+/[^/]+(/|$)")

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]


class Refused(Exception):  # noqa: N818
    """Raised when a request must not reach the cloud. The message says why."""


class Guard:
    """An ASGI application that passes permitted requests on to that of the cloud.

    - The host must be a loopback name. This prevents DNS rebinding, where another name resolves to
      this machine.
    - Requests to an API need nothing else: pages may send them, as on AWS.
    - All other requests must not come from a page, and must be signed (Signature Version 4) with
      `secret` or with the secret of a role's session, or have `secret` as their bearer token.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html
    https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Sec-Fetch-Site
    """

    def __init__(self, cloud: Application, secret: str) -> None:
        self._cloud = cloud
        self._secret = secret

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Pass a permitted request on, and refuse any other."""
        if scope["type"] != "lifespan":
            headers = headers_of(scope)
            try:
                check_host(headers)
                if not API_PATH.match(scope["path"]):
                    receive = await self._check_caller(scope, headers, receive)
            except Refused as refusal:
                await respond_forbidden(scope, headers, str(refusal), send)
                return
        await self._cloud(scope, receive, send)

    async def _check_caller(
        self, scope: Message, headers: dict[str, str], receive: Receive
    ) -> Receive:
        """Refuse a caller without a secret. Return a `receive` that yields the body again."""
        check_is_no_page(headers)
        if scope["type"] == "websocket":
            raise Refused("Only an API accepts a WebSocket.")
        if self._has_token(headers):
            return receive
        body = await read_body(receive)
        self._check_signature(scope, headers, body)
        return replay(body, receive)

    def _has_token(self, headers: dict[str, str]) -> bool:
        given = headers.get("authorization", "").encode()
        return hmac.compare_digest(given, f"Bearer {self._secret}".encode())

    def _check_signature(self, scope: Message, headers: dict[str, str], body: bytes) -> None:
        query = parse_qs(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        is_presigned = "X-Amz-Signature" in query
        signature = (
            sigv4.parse_query_signature(query)
            if is_presigned
            else sigv4.parse_header_signature(headers)
        )
        # ministack can compare only ASCII.
        if isinstance(signature, tuple) or not signature.signature.isascii():
            raise Refused("The request is not signed.")
        secret = self._secret_of(signature.access_key_id)
        failure = sigv4.request_time_failure(signature) or sigv4.header_signature_failure(
            signature,
            secret,
            scope["method"],
            scope["raw_path"].decode(),
            query,
            headers,
            body,
            presigned=is_presigned,
        )
        if failure:
            raise Refused(failure[1])

    def _secret_of(self, access_key: str) -> str:
        if access_key == ACCESS_KEY:
            return self._secret
        # ministack accepts some other keys as the root user's, but has no secret for them.
        session = None if is_root_access_key(access_key) else resolve_credential(access_key)
        secret = getattr(session, "secret_access_key", None)
        if not secret:
            raise Refused("The access key is unknown.")
        return str(secret)


def check_host(headers: dict[str, str]) -> None:
    """Refuse a request whose host is not a loopback name."""
    host = re.sub(r":\d+$", "", headers.get("host", ""))
    if host not in LOOPBACK:
        raise Refused("The host must be 127.0.0.1 or localhost.")


def check_is_no_page(headers: dict[str, str]) -> None:
    """Refuse a page's request. If a person typed the address, `Sec-Fetch-Site` is `none`."""
    if "origin" in headers or headers.get("sec-fetch-site", "none") != "none":
        raise Refused("Web pages may call only the APIs of the local cloud.")


def headers_of(scope: Message) -> dict[str, str]:
    """Return the headers by lower-case name. Signature Version 4 joins repeated ones."""
    headers: dict[str, str] = {}
    for name, value in scope["headers"]:
        key, text = name.decode("latin-1").lower(), sigv4.decode_header_value(value)
        headers[key] = f"{headers[key]},{text}" if key in headers else text
    return headers


async def read_body(receive: Receive) -> bytes:
    """Return the whole body of a request."""
    parts: list[bytes] = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)


def replay(body: bytes, receive: Receive) -> Receive:
    """Return a `receive` that yields a body that was read, and then what follows it."""
    unread = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive_again() -> Message:
        return unread.pop() if unread else await receive()

    return receive_again


async def respond_forbidden(
    scope: Message, headers: dict[str, str], reason: str, send: Send
) -> None:
    """Respond 403 in the format of the caller's AWS protocol, without CORS headers."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})
        return
    message = f"{reason} AWS tools need the export line that the running npm start printed."
    if "x-amz-target" in headers or "json" in headers.get("content-type", ""):
        kind = "application/x-amz-json-1.0"
        document = json.dumps({"__type": "AccessDeniedException", "message": message})
    else:
        kind = "text/xml"
        document = (
            "<ErrorResponse><Error><Code>AccessDenied</Code>"
            f"<Message>{escape(message)}</Message></Error></ErrorResponse>"
        )
    await send(
        {
            "type": "http.response.start",
            "status": HTTPStatus.FORBIDDEN,
            "headers": [(b"content-type", kind.encode())],
        }
    )
    await send({"type": "http.response.body", "body": document.encode()})
