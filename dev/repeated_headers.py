"""Repeated headers in events of the local cloud, as API Gateway has them.

ministack joins their values. API Gateway has the last one in `headers`, and a list of all in
`multiValueHeaders`.
https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
"""

# ruff: noqa: SLF001 - ministack has no public hook for this.

from contextvars import ContextVar
from typing import Any

from ministack.core.sigv4 import decode_header_value
from ministack.services import apigateway_v1

from dev.guard import Application, Message, Receive, Send


def keep_repeated_headers(cloud: Application) -> Application:
    """Return an application that serves `cloud`, and passes repeated headers on to functions."""
    build = apigateway_v1._build_lambda_event_v1
    headers: ContextVar[dict[str, list[str]]] = ContextVar("headers")

    async def note_and_serve(scope: Message, receive: Receive, send: Send) -> None:
        found: dict[str, list[str]] = {}
        for name, value in scope.get("headers", []):
            values = found.setdefault(name.decode("latin-1").lower(), [])
            values.append(decode_header_value(value))
        headers.set(found)
        await cloud(scope, receive, send)

    def build_with_repeated(*arguments: Any, **options: Any) -> Any:
        event = build(*arguments, **options)
        for name, values in headers.get({}).items():
            if len(values) > 1:
                event["headers"][name] = values[-1]
                event["multiValueHeaders"][name] = values
        return event

    apigateway_v1._build_lambda_event_v1 = build_with_repeated
    return note_and_serve
