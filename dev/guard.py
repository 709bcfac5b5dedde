"""Who may call the local cloud: pages its APIs, and AWS tools what they sign with its secret.

A page that a developer has open can send requests to this machine. It must not deploy there.
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

ACCESS_KEY = "test"  # The owner's; every other one is a session of a function's role.
# What the cloud routes to an API, whatever the headers say: API, stage and path.
API_PATH = re.compile(r"/_aws/execute-api/[^/]+/[^/]+(/|$)")

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]


class Refused(Exception):  # noqa: N818
    """Raised when a request may not reach the cloud; says why."""


class Guard:
    """An ASGI application in front of the cloud's that refuses the requests of strangers.

    Every request must name a loopback host: another name that resolves to this machine is DNS
    rebinding. Requests to an API are open to pages, as on AWS. All others must not come from a
    page, and must be signed (Signature Version 4) with `secret` or with that of a role's session,
    or bear `secret` as their token.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html
    https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Sec-Fetch-Site
    """

    def __init__(self, cloud: Application, secret: str) -> None:
        self._cloud = cloud
        self._secret = secret

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Serve what may pass, and refuse all else."""
        if scope["type"] != "lifespan":
            headers = headers_of(scope)
            try:
                check_host(headers)
                if not API_PATH.match(scope["path"]):
                    receive = await self._check_owner(scope, headers, receive)
            except Refused as refusal:
                await refuse(scope, headers, str(refusal), send)
                return
        await self._cloud(scope, receive, send)

    async def _check_owner(
        self, scope: Message, headers: dict[str, str], receive: Receive
    ) -> Receive:
        """Refuse who does not have the secret; return what gives the body to who does."""
        check_sender(headers)
        if scope["type"] == "websocket":
            raise Refused("Nothing outside an API takes a WebSocket.")
        if self._bears_secret(headers):
            return receive
        body = await read_body(receive)
        self._check_signature(scope, headers, body)
        return replay(body, receive)

    def _bears_secret(self, headers: dict[str, str]) -> bool:
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
        if isinstance(signature, tuple):
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
        # ministack takes some other keys for the owner's, too, and knows no secret of theirs.
        found = None if is_root_access_key(access_key) else resolve_credential(access_key)
        secret = getattr(found, "secret_access_key", None)
        if not secret:
            raise Refused("The access key is unknown.")
        return str(secret)


def check_host(headers: dict[str, str]) -> None:
    """Refuse a request to a name that is not this machine's own."""
    host = re.sub(r":\d+$", "", headers.get("host", ""))
    if host not in LOOPBACK:
        raise Refused("The local cloud answers to 127.0.0.1 and localhost alone.")


def check_sender(headers: dict[str, str]) -> None:
    """Refuse what a page sends; where a person typed the address, `Sec-Fetch-Site` is `none`."""
    if "origin" in headers or headers.get("sec-fetch-site", "none") != "none":
        raise Refused("Pages may call the APIs of the local cloud, and nothing else of it.")


def headers_of(scope: Message) -> dict[str, str]:
    """Return the headers by their names in lower case; those sent twice are joined, as signed."""
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
    """Return what gives a body that was read, and then what comes after it."""
    waiting = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive_again() -> Message:
        return waiting.pop() if waiting else await receive()

    return receive_again


async def refuse(scope: Message, headers: dict[str, str], why: str, send: Send) -> None:
    """Answer 403, in the format that the caller's SDK reads, and without CORS headers."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})
        return
    told = f"{why} AWS tools need the export line that this npm start has printed."
    if "x-amz-target" in headers or "json" in headers.get("content-type", ""):
        kind = "application/x-amz-json-1.0"
        document = json.dumps({"__type": "AccessDeniedException", "message": told})
    else:
        kind = "text/xml"
        document = (
            "<ErrorResponse><Error><Code>AccessDenied</Code>"
            f"<Message>{escape(told)}</Message></Error></ErrorResponse>"
        )
    await send(
        {
            "type": "http.response.start",
            "status": HTTPStatus.FORBIDDEN,
            "headers": [(b"content-type", kind.encode())],
        }
    )
    await send({"type": "http.response.body", "body": document.encode()})
